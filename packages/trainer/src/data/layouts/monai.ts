import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { readHeader } from '@genesis/volume-io';
import { TrainerError } from '../../errors.js';
import { isObject, type JsonObject, readJson, textsOf } from '../read-json.js';
import type { CaseSplit, DatasetDescription, DescribedCase, DescribeOpts } from './api.js';
import { channelsOfJson, classesOfJson } from './json-fields.js';
import { stemOf } from './list-files.js';

/** The lists of a datalist. */
const LISTS: readonly [string, CaseSplit][] = [
  ['training', 'train'],
  ['train', 'train'],
  ['validation', 'validation'],
  ['val', 'validation'],
  ['testing', 'test'],
  ['test', 'test'],
];

/**
 * A datalist of MONAI: lists of `{image, label, fold}` under `training`, `validation` and `testing`, or one list alone. An image is a
 * path, a list of paths (a channel each), or a 4-D file (a channel for each volume). Paths are relative to the json.
 *
 * @throws TrainerError 'bad-data'; VolumeIoError when the first image cannot be read.
 */
export async function describeMonai({ path }: DescribeOpts): Promise<DatasetDescription> {
  const json = await readJson(path);
  const lists: readonly [unknown, CaseSplit][] = Array.isArray(json)
    ? [[json, 'train']]
    : LISTS.map(([key, split]) => [isObject(json) ? json[key] : undefined, split]);
  const entries = lists.flatMap(([list, split]) =>
    (Array.isArray(list) ? list : []).map((entry: unknown) => ({ entry, split })),
  );
  if (entries.length === 0) {
    throw new TrainerError('bad-data', `${path} has no list of images, such as 'training'`, {
      file: path,
    });
  }
  const root = dirname(path);
  const isDivided = entries.some(({ split }) => split === 'validation');
  const cases = entries.map(({ entry, split }) =>
    describeEntry(entry, split === 'train' && !isDivided ? undefined : split, root, path),
  );
  const named = isObject(json) ? channelsOfJson(json) : undefined;
  const classes = isObject(json) ? classesOfJson(json.labels, path) : {};
  return { layout: 'monai', ...(await withVolumes(withNames(cases), named)), ...classes };
}

function describeEntry(
  entry: unknown,
  split: CaseSplit | undefined,
  root: string,
  file: string,
): DescribedCase {
  const fields: JsonObject = isObject(entry) ? entry : { image: entry };
  const images = textsOf(fields.image);
  if (!images?.length) {
    throw new TrainerError(
      'bad-data',
      `${file}: an entry names no image: ${JSON.stringify(entry)}`,
      {
        file,
      },
    );
  }
  const [label] = textsOf(fields.label) ?? [];
  const place = (path: string): string => (isAbsolute(path) ? path : join(root, path));
  const patient = [fields.patient, fields.patient_id, fields.subject].find(
    (one) => typeof one === 'string',
  );
  return {
    name: stemOf(relative(root, place(images[0]))).replaceAll('\\', '/'),
    patient,
    images: images.map((image) => ({ path: place(image) })),
    label: label === undefined ? undefined : { path: place(label) },
    split,
    fold: typeof fields.fold === 'number' ? fields.fold : undefined,
  };
}

/** Cases called by the last part of their names, where these are unique. */
function withNames(cases: readonly DescribedCase[]): DescribedCase[] {
  const short = cases.map(({ name }) => basename(name));
  const isUnique = new Set(short).size === short.length;
  return isUnique ? cases.map((one, n) => ({ ...one, name: short[n] })) : [...cases];
}

/** Cases whose images are one 4-D file each get a channel for each of its volumes; the first file tells how many. */
export async function withVolumes(
  cases: readonly DescribedCase[],
  named: readonly string[] | undefined,
): Promise<Pick<DatasetDescription, 'cases' | 'channels'>> {
  const most = Math.max(1, ...cases.map(({ images }) => images.length));
  const numbered = (count: number): string[] =>
    Array.from({ length: count }, (_, n) => (count === 1 ? 'image' : `channel ${n}`));
  if (most > 1) {
    const channels = named?.length === most ? named : numbered(most);
    return {
      channels,
      cases: cases.map((one) => ({ ...one, images: channels.map((_, n) => one.images[n]) })),
    };
  }
  const [first] = cases[0].images;
  const { volumes } = first ? await readHeader(first.path) : { volumes: 1 };
  const channels = named?.length === volumes ? named : numbered(volumes);
  if (volumes === 1) return { channels, cases };
  return {
    channels,
    cases: cases.map((one) => {
      const [whole] = one.images;
      return {
        ...one,
        images: channels.map((_, volumeIndex) => whole && { path: whole.path, volumeIndex }),
      };
    }),
  };
}
