import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { isObject, readJson } from '../read-json.js';
import type { DatasetDescription, DescribedCase, DescribeOpts, VolumeRef } from './api.js';
import { channelsOfJson, classesOfJson } from './json-fields.js';
import { stemOf } from './list-files.js';

/**
 * A dataset of the Medical Segmentation Decathlon: `dataset.json` with `modality`, `labels` and lists of files, `training` with
 * labels, `test` without. Several modalities are the volumes of a 4-D file, or files `CASE_0000`, `CASE_0001` as nnU-Net v1 has
 * them.
 *
 * @throws TrainerError 'bad-data'.
 */
export async function describeDecathlon({ path }: DescribeOpts): Promise<DatasetDescription> {
  const isFile = path.toLowerCase().endsWith('.json');
  const root = isFile ? dirname(path) : path;
  const file = isFile ? path : join(root, 'dataset.json');
  const json = await readJson(file);
  if (!isObject(json) || !Array.isArray(json.training)) {
    throw new TrainerError('bad-data', `${file} has no list 'training'`, { file });
  }
  const channels = channelsOfJson(json) ?? ['image'];
  const training: readonly unknown[] = json.training;
  const test: readonly unknown[] = Array.isArray(json.test) ? json.test : [];
  const entries = [
    ...training.map((entry) => ({ entry, isTest: false })),
    ...test.map((entry) => ({ entry, isTest: true })),
  ];
  const cases = await Promise.all(
    entries.map(async ({ entry, isTest }): Promise<DescribedCase> => {
      const image = isObject(entry) ? entry.image : entry;
      const label = isObject(entry) ? entry.label : undefined;
      if (typeof image !== 'string') {
        throw new TrainerError(
          'bad-data',
          `${file}: an entry names no image: ${JSON.stringify(entry)}`,
          { file },
        );
      }
      return {
        name: stemOf(basename(image)),
        images: await imagesOf(join(root, image), channels.length),
        label: typeof label === 'string' ? { path: join(root, label) } : undefined,
        split: isTest ? 'test' : undefined,
      };
    }),
  );
  return { layout: 'decathlon', channels, ...classesOfJson(json.labels, file), cases };
}

async function imagesOf(path: string, count: number): Promise<(VolumeRef | undefined)[]> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  if (!(await isThere(path))) {
    const stem = stemOf(path);
    const parts = numbers.map(
      (n) => `${stem}_${String(n).padStart(4, '0')}${path.slice(stem.length)}`,
    );
    const found = await Promise.all(parts.map(isThere));
    if (found.includes(true)) {
      return parts.map((part, n) => (found[n] ? { path: part } : undefined));
    }
  }
  return count === 1 ? [{ path }] : numbers.map((volumeIndex) => ({ path, volumeIndex }));
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
