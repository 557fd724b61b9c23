import type { NumberArray, TypedArray } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { permuteAxes } from '../tensor/permute-axes.js';

/** Tensors by the names of a PyTorch state dict, C-contiguous; names of one tensor share its array. */
export type TorchWeights = Map<string, NdArray<TypedArray>>;

/** A weight of ours, by the parts of its name: `encoder.0.a`, `conv.kernel`. */
export interface OwnWeight {
  readonly layer: string;
  readonly field: string;
  readonly tensor: NdArray<NumberArray>;
  /** Whether its layer normalises over the batch, by whatever statistics. */
  readonly isOverBatch: boolean;
}

/** Our kernels [x, y, z, in, out] in PyTorch's order, those of transposed convolutions [x, y, z, out, in] in its order of them. */
const KERNEL_ORDER: Readonly<Record<number, readonly number[]>> = { 2: [1, 0], 5: [4, 3, 0, 1, 2] };

/** The tensor as PyTorch lays it out, copied; what is no kernel stays as it is. */
export function inTorchOrder({ field, tensor }: OwnWeight): NdArray<Float32Array> {
  const axes = tensor.shape.map((_, axis) => axis);
  const order = field.endsWith('kernel') ? KERNEL_ORDER[tensor.dimension] : undefined;
  const { data, shape } = permuteAxes(tensor, order ?? axes);
  return ndarray(data, shape);
}

/** How PyTorch calls what a layer keeps. */
export const TORCH_FIELDS: Readonly<Record<string, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  movingMean: 'running_mean',
  movingVariance: 'running_var',
  alpha: 'weight',
};

/** The part of a layer that a weight belongs to, '' for the layer itself, and what it is: `conv.kernel` → conv, kernel. */
export function fieldParts({ field }: OwnWeight): readonly [part: string, last: string] {
  const end = field.lastIndexOf('.');
  return [field.slice(0, Math.max(0, end)), field.slice(end + 1)];
}

/** Layers that neither reference has keep their names: `head.dense.kernel` → `head.dense.weight`. */
export function ownName(weight: OwnWeight): string {
  const [part, last] = fieldParts(weight);
  const end = TORCH_FIELDS[last] ?? last;
  return part === '' ? `${weight.layer}.${end}` : `${weight.layer}.${part}.${end}`;
}
