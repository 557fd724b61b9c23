import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder, writeFailure } from '@genesis/core/node';
import {
  type ClassificationCard,
  classifyVolume,
  labelVolume,
  type SegmentationCard,
  segmentVolume,
} from '@genesis/inference';
import type { EngineName } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type CatalogItem, catalog, readItem } from '../data/catalog.js';
import { formatCsv } from '../data/csv.js';
import { TrainerError } from '../errors.js';
import { loadModel } from '../model/load-model.js';
import { openEngine } from '../model/open-engine.js';
import { writeOutput } from './write-output.js';

export interface PredictOpts {
  /** Folder of a fine-tuned run, or a weight file out of one. */
  readonly model: string;
  /** A volume, or a folder of volumes. */
  readonly input: string;
  /** Segmentation: a file (for one input) or a folder. Classification: a CSV file. */
  readonly out: string;
  /** Share of a window that its neighbour covers too, 0…0.95. Default 0.5. */
  readonly overlap?: number;
  readonly engine?: EngineName | 'auto';
  readonly threads?: number;
  readonly onCase?: (progress: PredictProgress) => void;
}

export interface PredictProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** What was written, for segmentation. */
  readonly path?: string;
}

/** Names of the files written, or the classes found. */
export interface Prediction {
  readonly name: string;
  readonly input: string;
  /** Segmentation: the label volume. */
  readonly path?: string;
  /** Classification: probability of each class by its name. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Extensions of volumes that can be written. */
const VOLUME = /\.(nii|nii\.gz|mha|nrrd|npy)$/i;

/**
 * Applies a fine-tuned network to volumes of any size. Segmentation writes a label volume for each, in its own
 * geometry; classification writes a CSV of probabilities.
 *
 * @throws TrainerError, VolumeIoError or EngineUnavailableError. Label volumes written before the failure stay.
 */
export async function predict(opts: PredictOpts): Promise<Prediction[]> {
  await openEngine({ engine: opts.engine ?? 'auto', threads: opts.threads });
  const loaded = await loadModel(opts.model);
  try {
    const { info, model } = loaded;
    switch (info.kind) {
      case 'segmentation':
        return await predictLabels(opts, model, info, await catalog(opts.input));
      case 'classification':
        return await predictClasses(opts, model, info, await catalog(opts.input));
      case 'pretrain':
        throw new TrainerError(
          'bad-argument',
          `${opts.model} is a pre-training run, which has nothing to predict; fine-tune it first`,
          { file: opts.model },
        );
    }
  } finally {
    loaded.model.dispose();
  }
}

async function predictLabels(
  opts: PredictOpts,
  model: LayersModel,
  info: SegmentationCard,
  items: readonly CatalogItem[],
): Promise<Prediction[]> {
  const paths = await outputPaths(opts, items);
  const predictions: Prediction[] = [];
  for (const [n, item] of items.entries()) {
    const volume = await readItem(item, info.preparation.nonFinite);
    const segmentation = await segmentVolume(volume, model, info, {
      overlap: opts.overlap,
    });
    await writeOutput(paths[n], labelVolume(segmentation, info, volume));
    predictions.push({ name: item.name, input: item.path, path: paths[n] });
    opts.onCase?.({ name: item.name, done: n + 1, total: items.length, path: paths[n] });
  }
  return predictions;
}

async function predictClasses(
  opts: PredictOpts,
  model: LayersModel,
  info: ClassificationCard,
  items: readonly CatalogItem[],
): Promise<Prediction[]> {
  const names = info.classes.map(({ name }) => name);
  const rows: (string | number)[][] = [['name', 'prediction', ...names.map((name) => `p:${name}`)]];
  const predictions: Prediction[] = [];
  for (const [n, item] of items.entries()) {
    const scores = await classifyVolume(
      await readItem(item, info.preparation.nonFinite),
      model,
      info,
    );
    const best = scores.indexOf(Math.max(...scores));
    rows.push([
      item.name,
      names[best],
      ...[...scores].map((score) => Number(score.toPrecision(6))),
    ]);
    predictions.push({
      name: item.name,
      input: item.path,
      probabilities: Object.fromEntries(names.map((name, c) => [name, scores[c]])),
    });
    opts.onCase?.({ name: item.name, done: n + 1, total: items.length });
  }
  const isFolder = (await stat(opts.out).catch(() => undefined))?.isDirectory();
  await atomicWrite(isFolder ? join(opts.out, 'predictions.csv') : opts.out, formatCsv(rows));
  return predictions;
}

/** One path for each input; the folder is made. */
async function outputPaths(opts: PredictOpts, items: readonly CatalogItem[]): Promise<string[]> {
  const isFolder = (await stat(opts.out).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder && VOLUME.test(opts.out)) {
    if (items.length === 1) return [opts.out];
    throw new TrainerError(
      'bad-argument',
      `${opts.input} holds ${items.length} volumes, but --out ${opts.out} is one file: give a folder`,
      { file: opts.out },
    );
  }
  try {
    await makeFolder(opts.out);
  } catch (cause) {
    throw writeFailure(opts.out, cause);
  }
  const paths = items.map((item) => join(opts.out, `${fileName(item.name)}.nii.gz`));
  const twice = paths.find((path, n) => paths.indexOf(path) !== n);
  if (twice !== undefined) {
    throw new TrainerError(
      'bad-argument',
      `two inputs would be written to ${twice}: predict them one by one`,
      {
        file: twice,
      },
    );
  }
  return paths;
}

/** Characters that some file systems refuse, replaced; a volume of a 4-D file gets its number after '_'. */
function fileName(name: string): string {
  return name.replace(/\[(\d+)\]$/, '_$1').replace(/[\\/:*?"<>|]/g, '_');
}
