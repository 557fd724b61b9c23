import { type EngineName, selectEngine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceError } from '../errors.js';
import { decodeModelFile, type ModelFile } from '../model/model-file.js';
import { modelWithWeights } from '../model/model-with-weights.js';
import { Predictor } from './predictor.js';

/** A model file by its bytes or by its address. */
export type ModelSource = Uint8Array | ArrayBuffer | Blob | URL | string;

export interface LoadPredictorOpts {
  /**
   * What computes; it becomes the current engine. Default: the current one, or 'auto' when there is none yet.
   */
  readonly engine?: EngineName | 'auto';
}

/**
 * Loads a model file, such as `checkpoints/best.safetensors` of a run.
 *
 * @param source - Bytes, or a URL (text too) that is fetched. Paths are for the function of the same name in
 *   `@genesis/inference/node`.
 * @throws InferenceError 'not-found', 'not-a-model', 'bad-card', 'newer-card', 'unknown-kind', 'weights' or 'non-finite';
 *   EngineUnavailableError.
 */
export async function loadPredictor(
  source: ModelSource,
  opts: LoadPredictorOpts = {},
): Promise<Predictor> {
  return createPredictor(decodeModelFile(await bytesOf(source)), opts);
}

/** A predictor of a card and weights that are in memory already; the weights are copied. Throws as loadPredictor. */
export async function createPredictor(
  file: ModelFile,
  { engine }: LoadPredictorOpts = {},
): Promise<Predictor> {
  if (engine !== undefined || !tf.getBackend()) await selectEngine(engine);
  return new Predictor(file.card, [modelWithWeights(file)]);
}

async function bytesOf(source: ModelSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  const address = String(source);
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw notFound(address, (cause as Error).message, cause);
  }
  if (!response.ok) throw notFound(address, `the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function notFound(address: string, reason: string, cause?: unknown): InferenceError {
  return new InferenceError('not-found', `cannot load ${address}: ${reason}`, {
    file: address,
    cause,
  });
}
