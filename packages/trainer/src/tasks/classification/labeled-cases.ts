import { type DatasetItem, listDataset } from '../../data/dataset.js';
import { matchCases } from '../../data/match-cases.js';
import { TrainerError } from '../../errors.js';
import { type ClassRow, readClassTable } from './read-class-table.js';

/** A volume and its class. */
export interface LabeledCase {
  readonly item: DatasetItem;
  readonly label: string;
}

export interface LabeledCasesOpts {
  /** Folder of volumes. */
  readonly images: string;
  /** The table. */
  readonly labels: string;
  /** Refuse volumes that cannot be used, instead of leaving them out. */
  readonly strict?: boolean;
  readonly onWarning?: (text: string) => void;
}

/**
 * The volumes of a folder that stand in a table, with their classes, in the order of the table. Volumes without row are named, and
 * so are rows whose volume was left out.
 *
 * @throws TrainerError 'bad-data' when a row has no volume, or several rows one.
 */
export async function labeledCases(opts: LabeledCasesOpts): Promise<LabeledCase[]> {
  const { images, labels: table, strict, onWarning } = opts;
  const { items, leftOut } = await listDataset(images, { role: 'image', strict, onWarning });
  const rows = (await readClassTable(table)).map((row) => ({ ...row, path: table }));
  const matches = matchCases(items, rows);
  const [missing] = matchCases(leftOut, matches.labels).labels;
  if (missing) {
    throw new TrainerError(
      'bad-data',
      `${table} names '${missing.name}', but ${images} holds no volume of that name`,
      { file: table },
    );
  }
  if (matches.images.length > 0) {
    const names = matches.images.slice(0, 3).map(({ name }) => name);
    const more = matches.images.length > 3 ? ', …' : '';
    onWarning?.(
      `${matches.images.length} of ${items.length} volumes have no row in ${table} and are not used: ${names.join(', ')}${more}`,
    );
  }
  const byRow = new Map<ClassRow, DatasetItem>(
    matches.pairs.map(({ image, label }) => [label, image]),
  );
  return rows.flatMap((row) => {
    const item = byRow.get(row);
    return item ? [{ item, label: row.label }] : [];
  });
}
