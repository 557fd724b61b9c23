import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeFailure } from '@genesis/core/node';
import { Predictor, type SegmentationCard } from '@genesis/inference';
import type { Volume } from '@genesis/volume-io';
import { type DatasetItem, readItem } from '../../data/dataset.js';
import { writeOutput } from '../../data/write-output.js';
import { TrainerError } from '../../errors.js';
import type { CasePrediction, PredictRequest } from '../common/task.js';

/** A segmented volume. */
export interface SegmentationPrediction extends CasePrediction {
  /** The label volume. */
  readonly path: string;
}

/** Extensions of volumes that can be written. */
const VOLUME = /\.(nii|nii\.gz|mha|nrrd|npy)$/i;

/** Writes a label volume for each item, in its own geometry. Those written before a failure stay. */
export async function predictSegmentation(
  request: PredictRequest<SegmentationCard>,
): Promise<SegmentationPrediction[]> {
  const { items, model, info, overlap } = request;
  const paths = await outputPaths(request);
  const predictor = new Predictor(info, [model]);
  // Nothing here holds on to the volume, so that its memory is free while the network works.
  const segment = async (item: DatasetItem): Promise<Volume> =>
    predictor.segment(await readItem(item, info.preparation.nonFinite), { overlap });
  const predictions: SegmentationPrediction[] = [];
  for (const [n, item] of items.entries()) {
    await writeOutput(paths[n], await segment(item));
    predictions.push({ name: item.name, input: item.path, path: paths[n] });
    request.onCase?.({ name: item.name, done: n + 1, total: items.length, path: paths[n] });
  }
  return predictions;
}

/** One path for each input; the folder is made. */
async function outputPaths({ items, images, out }: PredictRequest): Promise<string[]> {
  const isFolder = (await stat(out).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder && VOLUME.test(out)) {
    if (items.length === 1) return [out];
    throw new TrainerError(
      'bad-argument',
      `${images} holds ${items.length} volumes, but --out ${out} is one file: give a folder`,
      { file: out },
    );
  }
  try {
    await makeFolder(out);
  } catch (cause) {
    throw writeFailure(out, cause);
  }
  const paths = items.map((item) => join(out, `${fileName(item.name)}.nii.gz`));
  const twice = paths.find((path, n) => paths.indexOf(path) !== n);
  if (twice !== undefined) {
    throw new TrainerError(
      'bad-argument',
      `two inputs would be written to ${twice}: predict them one by one`,
      { file: twice },
    );
  }
  return paths;
}

/** Characters that some file systems refuse, replaced; a volume of a 4-D file gets its number after '_'. */
function fileName(name: string): string {
  return name.replace(/\[(\d+)\]$/, '_$1').replace(/[\\/:*?"<>|]/g, '_');
}
