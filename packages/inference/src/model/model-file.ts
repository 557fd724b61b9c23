import type { NamedNdArrays } from '@genesis/unet3d';
import {
  decodeSafetensors,
  type EncodeWeightsOpts,
  encodeSafetensors,
  type WeightFile,
} from '@genesis/zoo';
import type { ModelCard } from '../card/api.js';
import { parseModelCard } from '../card/parse-card.js';
import { InferenceError } from '../errors.js';
import { trainable } from './trainable.js';

/** What the metadata of a model file give as its format. */
export const MODEL_FORMAT = 'genesis-checkpoint-1';

/** Training keeps the optimizer's tensors beside the weights under this prefix. */
export const OPTIMIZER_PREFIX = 'optimizer/';

/** And what observers of the training remember under this one. */
export const OBSERVER_PREFIX = 'observer/';

/** Whether the tensor of a model file with this name is a weight of the network. */
export function isWeight(name: string): boolean {
  return !name.startsWith(OPTIMIZER_PREFIX) && !name.startsWith(OBSERVER_PREFIX);
}

/** A model as it stands in one file: safetensors, whose metadata hold the card. */
export interface ModelFile {
  readonly card: ModelCard;
  /** By the names of `getWeights`. */
  readonly weights: NamedNdArrays;
}

/** What training adds to a model file; applying a model needs none of it. */
export interface TrainingState {
  /** The optimizer's tensors. */
  readonly optimizer?: NamedNdArrays;
  /** JSON. */
  readonly state?: string;
}

/**
 * A model as the bytes of a file. The tensors are only read.
 *
 * @returns A new buffer that the caller owns.
 * @throws WeightFormatError 'out-of-range' for a value that is too large for a half.
 */
export function encodeModelFile(
  { card, weights }: ModelFile,
  { optimizer, state = 'null' }: TrainingState = {},
  opts: EncodeWeightsOpts = {},
): Uint8Array {
  const tensors: NamedNdArrays = new Map(weights);
  for (const [name, tensor] of optimizer ?? []) tensors.set(OPTIMIZER_PREFIX + name, tensor);
  const metadata = { format: MODEL_FORMAT, model: JSON.stringify(card), state };
  return encodeSafetensors(tensors, metadata, opts);
}

/**
 * Reads a model file, such as `checkpoints/best.safetensors` of a run; what only training needs is left out.
 *
 * @param bytes - The whole file; not kept.
 * @throws InferenceError 'not-a-model' for other bytes; 'bad-card', 'newer-card' or 'unknown-kind' for its card.
 */
export function decodeModelFile(bytes: Uint8Array): ModelFile {
  let file: WeightFile;
  try {
    file = decodeSafetensors(bytes);
  } catch (cause) {
    throw new InferenceError('not-a-model', `it is no model: ${(cause as Error).message}`, {
      cause,
    });
  }
  const card = cardValue(file.metadata);
  if (card === undefined) {
    throw new InferenceError('not-a-model', 'it holds weights, but no model card of Genesis');
  }
  const weights: NamedNdArrays = new Map();
  for (const [name, tensor] of trainable(file.tensors)) {
    if (isWeight(name)) weights.set(name, tensor);
  }
  return { card: parseModelCard(card), weights };
}

/**
 * The model card among the metadata of a weight file, not checked yet; undefined when the file is not one of Genesis.
 *
 * @throws InferenceError 'bad-card' when it is no JSON.
 */
export function cardValue(metadata: Readonly<Record<string, string>>): unknown {
  if (metadata.format !== MODEL_FORMAT || metadata.model === undefined) return undefined;
  try {
    return JSON.parse(metadata.model) as unknown;
  } catch (cause) {
    throw new InferenceError('bad-card', 'the model card is no JSON', { cause, field: '' });
  }
}
