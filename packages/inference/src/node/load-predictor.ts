import { createPredictor, type LoadPredictorOpts } from '../predictor/load-predictor.js';
import type { Predictor } from '../predictor/predictor.js';
import { readModelFile } from './read-model-file.js';

/**
 * Loads the best weights of a run, or a model file taken out of one.
 *
 * @param path - Folder of a run, or a `.safetensors` file that a run wrote.
 * @throws InferenceError or EngineUnavailableError, as loadPredictor of `@genesis/inference`.
 */
export async function loadPredictor(
  path: string,
  opts: LoadPredictorOpts = {},
): Promise<Predictor> {
  return createPredictor(await readModelFile(path), opts);
}
