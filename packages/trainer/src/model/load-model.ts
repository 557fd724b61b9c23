import type { ModelCard } from '@genesis/inference';
import { buildModel } from '@genesis/inference';
import { setWeights } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainerError } from '../errors.js';
import { type LoadedRun, loadRun } from '../run/load-run.js';

export interface LoadedModel {
  readonly info: ModelCard;
  readonly model: LayersModel;
  /** The weight file. */
  readonly file: string;
}

/**
 * Builds the network of a run with its best weights, all of them.
 *
 * @param path - Folder of a run or a weight file out of one.
 * @throws TrainerError 'run-missing' or 'run-broken'.
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const run: LoadedRun = await loadRun(path);
  const model = buildModel(run.info, 0);
  try {
    setWeights(model, run.weights);
  } catch (cause) {
    model.dispose();
    throw new TrainerError('run-broken', `${run.file}: ${(cause as Error).message}`, {
      file: run.file,
      cause,
    });
  }
  return { info: run.info, model, file: run.file };
}
