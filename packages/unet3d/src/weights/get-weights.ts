import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedNdArrays } from '../api.js';
import { fromTensor } from '../tensor/from-tensor.js';
import { namedWeights } from './weight-name.js';

/** Copies all weights of a model, trainable or not, by stable name, in layer order. */
export async function getWeights(model: tfl.LayersModel): Promise<NamedNdArrays> {
  const weights: NamedNdArrays = new Map();
  for (const [name, weight] of namedWeights(model)) {
    weights.set(name, await fromTensor(weight.read()));
  }
  return weights;
}
