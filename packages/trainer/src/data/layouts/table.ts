import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { systemReason } from '@genesis/core/node';
import { TrainerError } from '../../errors.js';
import { decodeText, parseCsv } from '../csv.js';
import type { CaseSplit, DatasetDescription, DescribedCase, DescribeOpts } from './api.js';
import { isVolumeName, stemOf } from './list-files.js';
import { withVolumes } from './monai.js';

const NAME = /^(name|case|case[ _-]?id|id)$/i;
const PATIENT = /^(patient|patient[ _-]?id|subject|subject[ _-]?id)$/i;
const LABEL = /^(labels?|masks?|seg|segmentation|label[ _-]?map)$/i;
const SPLIT = /^(split|set|subset|side)$/i;
const FOLD = /^fold$/i;
const IMAGE = /^(images?|image[ _-]?path|path|file|volume)$/i;
/** 'image:CT', 'image_t1' */
const CHANNEL = /^(?:image|channel)[ _:-]+(.+)$/i;

const SIDES: Readonly<Record<string, CaseSplit>> = {
  train: 'train',
  training: 'train',
  tr: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  test: 'test',
  testing: 'test',
  ts: 'test',
};

/**
 * A table of paths, comma-, semicolon- or tab-separated: a row for each case. Columns: `image`, or one for each channel (`image:CT`,
 * or any other name whose cells are paths of volumes); `label`; optionally `name`, `patient`, `split` (train, validation, test) and
 * `fold`. An empty cell is a channel or a label that the case lacks. Paths are relative to the table.
 *
 * @throws TrainerError 'bad-data'.
 */
export async function describeTable({ path }: DescribeOpts): Promise<DatasetDescription> {
  const rows = parseCsv(await read(path));
  const [header = [], ...lines] = rows;
  const columns = findColumns(header, lines);
  if (columns.images.length === 0 || lines.length === 0) {
    throw new TrainerError(
      'bad-data',
      `${path} has no ${lines.length === 0 ? 'rows' : `column of images among ${header.join(', ')}`}: a table of paths has a column 'image', or one for each channel, and 'label'`,
      { file: path },
    );
  }
  const place = (cell: string): string =>
    isAbsolute(cell) ? cell : join(dirname(path), cell.replaceAll('\\', '/'));
  const refOf = (cell: string | undefined): { path: string } | undefined =>
    cell === undefined || cell === '' ? undefined : { path: place(cell) };
  const cases = lines.map((line, n): DescribedCase => {
    const cell = (column: number): string | undefined => line[column];
    const images = columns.images.map(({ column }) => refOf(cell(column)));
    const first = images.find((image) => image !== undefined);
    if (!first) {
      throw new TrainerError('bad-data', `${path}: row ${n + 2} names no image`, { file: path });
    }
    const side = cell(columns.split)?.toLowerCase() ?? '';
    if (side !== '' && !(side in SIDES)) {
      throw new TrainerError(
        'bad-data',
        `${path}: row ${n + 2} is on the side '${side}', but train, validation and test are the sides of a split`,
        { file: path },
      );
    }
    const fold = Number(cell(columns.fold) || Number.NaN);
    return {
      name: cell(columns.name) || stemOf(basename(first.path)),
      patient: cell(columns.patient) || undefined,
      images,
      label: refOf(cell(columns.label)),
      split: SIDES[side],
      fold: Number.isInteger(fold) ? fold : undefined,
    };
  });
  refuseTwice(cases, path);
  const names = columns.images.map(({ name }) => name);
  return { layout: 'csv', ...(await withVolumes(cases, names)) };
}

interface Columns {
  readonly images: readonly { readonly column: number; readonly name: string }[];
  readonly name: number;
  readonly patient: number;
  readonly label: number;
  readonly split: number;
  readonly fold: number;
}

/** Where what stands; −1 for what is not there. */
function findColumns(header: readonly string[], lines: readonly (readonly string[])[]): Columns {
  const find = (pattern: RegExp): number => header.findIndex((title) => pattern.test(title));
  const label = find(LABEL);
  const known = [NAME, PATIENT, LABEL, SPLIT, FOLD];
  const images = header.flatMap((title, column) => {
    const channel = CHANNEL.exec(title)?.[1];
    if (channel !== undefined && !IMAGE.test(title)) return [{ column, name: channel }];
    if (known.some((pattern) => pattern.test(title))) return [];
    const holdsPaths = lines.some((line) => isVolumeName(basename(line[column] ?? '')));
    return IMAGE.test(title) || holdsPaths ? [{ column, name: title }] : [];
  });
  return {
    images,
    label,
    name: find(NAME),
    patient: find(PATIENT),
    split: find(SPLIT),
    fold: find(FOLD),
  };
}

/** Whether a table looks like one of paths: the first line has a column of images. */
export async function isPathTable(path: string): Promise<boolean> {
  const [header = [], ...lines] = parseCsv(await read(path));
  return findColumns(header, lines).images.length > 0;
}

async function read(path: string): Promise<string> {
  try {
    return decodeText(await readFile(path));
  } catch (cause) {
    throw new TrainerError('bad-data', `cannot read ${path}: ${systemReason(cause)}`, {
      file: path,
      cause,
    });
  }
}

function refuseTwice(cases: readonly DescribedCase[], path: string): void {
  const names = new Set<string>();
  for (const { name } of cases) {
    if (names.has(name)) {
      throw new TrainerError(
        'bad-data',
        `${path} has two rows for the case '${name}': give them different names in a column 'name'`,
        { file: path },
      );
    }
    names.add(name);
  }
}
