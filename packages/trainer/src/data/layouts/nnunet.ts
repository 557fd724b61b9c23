import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { isObject, type JsonObject, readJson, textsOf } from '../read-json.js';
import type {
  CaseSplit,
  DatasetDescription,
  DescribedCase,
  DescribeOpts,
  VolumeRef,
} from './api.js';
import { channelsOfJson, classesOfJson } from './json-fields.js';
import { isVolumeName, listNames, stemOf } from './list-files.js';

/** 'case_0001' → case, 1 */
const CHANNEL = /^(.+)_(\d{4})$/;

/**
 * A dataset of nnU-Net v2: `dataset.json` with `channel_names`, `labels` and `file_ending`; `imagesTr/CASE_0000.nii.gz`, a file for
 * each channel; `labelsTr/CASE.nii.gz`; `imagesTs` and `labelsTs` for tests. A `dataset` in the json names files itself. A folder
 * without json is one of images, whose channels are called by their numbers.
 *
 * @throws TrainerError 'bad-data'.
 */
export async function describeNnunet({ path, labels }: DescribeOpts): Promise<DatasetDescription> {
  const isFile = path.toLowerCase().endsWith('.json');
  const root = isFile ? dirname(path) : path;
  const file = isFile ? path : join(root, 'dataset.json');
  const exists = (await stat(file).catch(() => undefined)) !== undefined;
  const json = exists ? await readJson(file) : {};
  if (!isObject(json)) throw new TrainerError('bad-data', `${file} is no dataset.json`, { file });
  const named = channelsOfJson(json);
  const cases = isObject(json.dataset)
    ? casesOfJson(json.dataset, root, file)
    : await casesOfFolders(root, labels, json);
  const count = named?.length ?? Math.max(1, ...cases.map(({ images }) => images.length));
  const channels = named ?? Array.from({ length: count }, (_, n) => String(n).padStart(4, '0'));
  const odd = cases.find(({ images }) => images.length > count);
  if (odd) {
    throw new TrainerError(
      'bad-data',
      `${root}: the case ${odd.name} has ${odd.images.length} channels, but ${basename(file)} names ${count}`,
      { file },
    );
  }
  const { classes, ignoreLabel } = classesOfJson(json.labels, file);
  return {
    layout: 'nnunet',
    channels,
    classes,
    ignoreLabel,
    cases: cases.map((one) => ({ ...one, images: channels.map((_, n) => one.images[n]) })),
  };
}

function casesOfJson(dataset: JsonObject, root: string, file: string): DescribedCase[] {
  return Object.entries(dataset).map(([name, entry]) => {
    const images = isObject(entry) ? textsOf(entry.images) : undefined;
    const [label] = (isObject(entry) ? textsOf(entry.label) : undefined) ?? [];
    if (!images) {
      throw new TrainerError('bad-data', `${file}: the case ${name} has no list of images`, {
        file,
      });
    }
    return {
      name,
      images: images.map((image) => ({ path: join(root, image) })),
      label: label === undefined ? undefined : { path: join(root, label) },
    };
  });
}

async function casesOfFolders(
  root: string,
  labels: string | undefined,
  json: JsonObject,
): Promise<DescribedCase[]> {
  const ending = typeof json.file_ending === 'string' ? json.file_ending : undefined;
  const { folders } = await listNames(root);
  if (!folders.includes('imagesTr')) return casesOfFolder(root, labels, ending, undefined);
  const sides: readonly [string, string, CaseSplit | undefined][] = [
    ['imagesTr', labels ?? join(root, 'labelsTr'), undefined],
    ['imagesTs', join(root, 'labelsTs'), 'test'],
  ];
  const all: DescribedCase[] = [];
  for (const [images, folder, split] of sides) {
    all.push(...(await casesOfFolder(join(root, images), folder, ending, split)));
  }
  return all;
}

async function casesOfFolder(
  folder: string,
  labelFolder: string | undefined,
  ending: string | undefined,
  split: CaseSplit | undefined,
): Promise<DescribedCase[]> {
  const isOurs = (name: string): boolean =>
    ending === undefined ? isVolumeName(name) : name.endsWith(ending);
  const stem = (name: string): string =>
    ending === undefined ? stemOf(name) : name.slice(0, -ending.length);
  const labels = new Map<string, string>();
  for (const name of labelFolder === undefined ? [] : (await listNames(labelFolder)).files) {
    if (isOurs(name)) labels.set(stem(name), join(labelFolder ?? '', name));
  }
  const images = new Map<string, (VolumeRef | undefined)[]>();
  for (const name of (await listNames(folder)).files) {
    if (!isOurs(name)) continue;
    const [, caseName = stem(name), number = '0'] = CHANNEL.exec(stem(name)) ?? [];
    const channels = images.get(caseName) ?? [];
    channels[Number(number)] = { path: join(folder, name) };
    images.set(caseName, channels);
  }
  return [...images].map(([name, channels]) => {
    const label = labels.get(name);
    return {
      name,
      images: Array.from(channels),
      label: label === undefined ? undefined : { path: label },
      split,
    };
  });
}
