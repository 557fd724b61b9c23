import ndarray from 'ndarray';
import {
  fieldParts,
  inTorchOrder,
  type OwnWeight,
  ownName,
  TORCH_FIELDS,
  type TorchWeights,
} from './torch-names.js';

/** The first of the numbers by which the reference counts its resolutions: 64, 128, … */
const FINEST = 64;

const PARTS: Readonly<Record<string, string>> = { conv: 'conv1', norm: 'bn1', act: 'activation' };

/**
 * Weights of a `unet3d` under the names of the reference's PyTorch network. Normalisation over the batch always has buffers of running
 * statistics there, used or not; where ours has none they are as PyTorch starts them.
 */
export function namePytorchWeights(weights: readonly OwnWeight[]): TorchWeights {
  const named: TorchWeights = new Map();
  const hasStatistics = weights.some(({ field }) => field === 'norm.movingMean');
  for (const weight of weights) {
    const name = nameOf(weight);
    named.set(name, inTorchOrder(weight));
    if (!weight.isOverBatch || weight.field !== 'norm.beta') continue;
    const norm = name.slice(0, -'.bias'.length);
    const { size } = weight.tensor;
    if (!hasStatistics) {
      named.set(`${norm}.running_mean`, ndarray(new Float32Array(size), [size]));
      named.set(`${norm}.running_var`, ndarray(new Float32Array(size).fill(1), [size]));
    }
    named.set(`${norm}.num_batches_tracked`, ndarray(new BigInt64Array(1), []));
  }
  return named;
}

function nameOf(weight: OwnWeight): string {
  const { layer } = weight;
  const [part, last] = fieldParts(weight);
  if (layer === 'head.conv') return `out_tr.final_conv.${TORCH_FIELDS[last]}`;
  const stage = /^(encoder|decoder)\.(\d+)\.(a|b|up)$/.exec(layer);
  if (!stage) return ownName(weight);
  const place = `${stage[1] === 'encoder' ? 'down' : 'up'}_tr${FINEST * 2 ** Number(stage[2])}`;
  if (stage[3] === 'up') return `${place}.up_conv.${TORCH_FIELDS[last]}`;
  return `${place}.ops.${stage[3] === 'a' ? 0 : 1}.${PARTS[part]}.${TORCH_FIELDS[last]}`;
}
