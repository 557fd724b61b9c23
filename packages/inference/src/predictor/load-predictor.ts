import { type EngineName, selectEngine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { decodeModelFile, type ModelFile } from '../model/model-file.js';
import { modelWithWeights } from '../model/model-with-weights.js';
import { checkHash } from './check-hash.js';
import { fetchBytes } from './fetch-bytes.js';
import { Predictor } from './predictor.js';
import { publishedWeights } from './published-weights.js';

/** A model file by its bytes or by its address, which may be that of the card of a published model: `model.json`. */
export type ModelSource = Uint8Array | ArrayBuffer | Blob | URL | string;

export interface LoadPredictorOpts {
  /**
   * What computes; it becomes the current engine. Default: the current one, or 'auto' when there is none yet.
   */
  readonly engine?: EngineName | 'auto';
  /**
   * SHA-256 of the file in hexadecimal: another one is refused. Needs a secure context in a browser (https, or localhost). The weights of a
   * published model must be those of its card anyway.
   */
  readonly sha256?: string;
}

/**
 * Loads a model file, such as `checkpoints/best.safetensors` of a run, or a published model by the address of its card.
 *
 * @param source - Bytes, or a URL (text too) that is fetched. Paths are for the function of the same name in
 *   `@genesis/inference/node`.
 * @throws InferenceError 'not-found', 'hash', 'not-a-model', 'bad-card', 'newer-card', 'unknown-kind', 'weights' or 'non-finite';
 *   EngineUnavailableError; HubError for the card of a published model.
 */
export async function loadPredictor(
  source: ModelSource,
  opts: LoadPredictorOpts = {},
): Promise<Predictor> {
  const bytes = await bytesOf(source);
  if (opts.sha256 !== undefined) await checkHash(bytes, opts.sha256, nameOf(source));
  // The card of a published model is JSON; a weight file begins with the length of its header.
  const isCard = bytes[0] === 0x7b && bytes[7] !== 0;
  const file = isCard ? await publishedWeights(bytes, nameOf(source)) : bytes;
  return createPredictor(decodeModelFile(file), opts);
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
  return fetchBytes(String(source));
}

/** The address of a source; undefined for bytes. */
function nameOf(source: ModelSource): string | undefined {
  return typeof source === 'string' || source instanceof URL ? String(source) : undefined;
}
