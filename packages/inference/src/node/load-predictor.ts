import { isHubReference } from '@genesis/zoo';
import { createPredictor, type LoadPredictorOpts } from '../predictor/load-predictor.js';
import type { Predictor } from '../predictor/predictor.js';
import { readModelFile } from './read-model-file.js';

export interface LoadPredictorFromOpts extends Pick<LoadPredictorOpts, 'engine'> {
  /** Told what is fetched of a published model, and once on which terms it may be used. */
  readonly onNote?: (text: string) => void;
}

/**
 * Loads the best weights of a run, a model file taken out of one, or a published model.
 *
 * @param path - Folder of a run, a `.safetensors` file that a run wrote, the folder or the archive of a model package, or a reference such as
 *   `zoo:NAME`, `hf:OWNER/NAME` or an address, which is fetched into the cache when it is not there.
 * @throws InferenceError or EngineUnavailableError, as loadPredictor of `@genesis/inference`; HubError for a published model.
 */
export async function loadPredictor(
  path: string,
  { onNote, ...opts }: LoadPredictorFromOpts = {},
): Promise<Predictor> {
  return createPredictor(await readModelFile(await placeOf(path, onNote)), opts);
}

/** Where the weights are that a text names. */
async function placeOf(path: string, onNote?: (text: string) => void): Promise<string> {
  const { findModel, isModelPackage } = await import('@genesis/zoo/node');
  if (!isHubReference(path) && !(await isModelPackage(path))) return path;
  return (await findModel(path, { onNote })).weights;
}
