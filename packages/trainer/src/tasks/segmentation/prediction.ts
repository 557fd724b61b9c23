import { join } from 'node:path';
import { Predictor, type SegmentationCard } from '@genesis/inference';
import type { Volume } from '@genesis/volume-io';
import { checkOutputs } from '../../data/check-outputs.js';
import { type DatasetItem, readChannels } from '../../data/dataset.js';
import { isVolumeFile, makeFolders, outputName } from '../../data/output-paths.js';
import { writeOutput } from '../../data/write-output.js';
import { TrainerError } from '../../errors.js';
import { forEachCase } from '../common/for-each-case.js';
import type { CasePrediction, PredictRequest } from '../common/task.js';

/** A segmented volume. */
export interface SegmentationPrediction extends CasePrediction {
  /** The label volume. */
  readonly path: string;
}

/** Writes a label volume for each item, in its own geometry. Those written before a failure stay. */
export async function predictSegmentation(
  request: PredictRequest<SegmentationCard>,
): Promise<SegmentationPrediction[]> {
  const { items, model, info, overlap } = request;
  const paths = await outputPaths(request);
  const predictor = new Predictor(info, [model]);
  // Nothing here holds on to the volume, so that its memory is free while the network works.
  const segment = async (item: DatasetItem): Promise<Volume> =>
    predictor.segment(await readChannels(item, info.preparation.nonFinite), { overlap });
  const predictions: SegmentationPrediction[] = [];
  await forEachCase(items, request, async (item, n) => {
    await writeOutput(paths[n], await segment(item));
    predictions.push({ name: item.name, input: item.path, path: paths[n] });
    return paths[n];
  });
  return predictions;
}

/** One path for each input, mirroring the tree of the inputs. Nothing is written yet. */
async function outputPaths(request: PredictRequest): Promise<string[]> {
  const { items, images, out, overwrite, file } = request;
  const isFile = await isVolumeFile(out);
  if (isFile && items.length > 1) {
    throw new TrainerError(
      'bad-argument',
      `${images} holds ${items.length} volumes, but --out ${out} is one file: give a folder`,
      { file: out },
    );
  }
  const paths = isFile ? [out] : items.map(({ key }) => join(out, `${outputName(key)}.nii.gz`));
  const twice = paths.find((path, n) => paths.indexOf(path) !== n);
  if (twice !== undefined) {
    throw new TrainerError(
      'bad-argument',
      `two inputs would be written to ${twice}: predict them one by one`,
      { file: twice },
    );
  }
  await checkOutputs({ inputs: [images, file], outputs: paths, folder: out, overwrite });
  await makeFolders(paths);
  return paths;
}
