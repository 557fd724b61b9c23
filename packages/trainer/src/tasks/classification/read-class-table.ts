import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import { withoutExtension } from '../../data/case-names.js';
import { decodeText, parseCsv } from '../../data/csv.js';
import { TrainerError } from '../../errors.js';

export interface ClassRow {
  /** As it stands in the table. */
  readonly name: string;
  /** The name as a path without extension. */
  readonly key: string;
  readonly label: string;
}

/** The surest first: a table with names may have numbers of its own as 'id'. */
const NAME_COLUMNS = [
  'name',
  'file',
  'filename',
  'path',
  'image',
  'case',
  'id',
  'subject',
  'patient',
];
const LABEL_COLUMNS = ['label', 'class', 'target', 'y', 'diagnosis', 'group'];

/**
 * Reads a table of names and classes. With a header, its columns are found by their titles (name/file/path/id, label/
 * class/target); without one, the first two columns are taken.
 *
 * @throws TrainerError 'bad-data' for a table that cannot be read, has too few columns, or names a volume twice.
 */
export async function readClassTable(path: string): Promise<ClassRow[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new TrainerError('bad-data', `cannot read the table ${path}: ${systemReason(cause)}`, {
      file: path,
      cause,
    });
  }
  const rows = parseCsv(decodeText(bytes));
  const problem = (what: string): TrainerError =>
    new TrainerError('bad-data', `${path}: ${what}`, { file: path });
  if (rows.length === 0) throw problem('the table is empty');
  const titles = rows[0].map((title) => title.toLowerCase());
  let nameColumn = columnOf(titles, NAME_COLUMNS);
  let labelColumn = columnOf(titles, LABEL_COLUMNS);
  const hasHeader = nameColumn >= 0 || labelColumn >= 0;
  if (hasHeader && (nameColumn < 0 || labelColumn < 0)) {
    throw problem(
      `its header (${rows[0].join(', ')}) has no column called ${nameColumn < 0 ? "'name'" : "'label'"}`,
    );
  }
  if (!hasHeader) [nameColumn, labelColumn] = [0, 1];
  const seen = new Set<string>();
  return rows.slice(hasHeader ? 1 : 0).map((row, n) => {
    const line = n + (hasHeader ? 2 : 1);
    const name = row[nameColumn] ?? '';
    const key = withoutExtension(name).replace(/^(\.?\/)+/, '');
    const label = row[labelColumn] ?? '';
    if (name === '' || label === '') throw problem(`row ${line} lacks a name or a label`);
    if (seen.has(key)) throw problem(`'${name}' stands in more than one row`);
    seen.add(key);
    return { name, key, label };
  });
}

/** The column with the first of these titles that there is; -1 for none. */
function columnOf(titles: readonly string[], wanted: readonly string[]): number {
  const title = wanted.find((one) => titles.includes(one));
  return title === undefined ? -1 : titles.indexOf(title);
}
