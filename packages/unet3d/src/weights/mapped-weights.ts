import type { StridedArray } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { floatsOf } from '../tensor/floats-of.js';

/** A tensor of a file that is not a weight of ours, and why. */
export interface IgnoredTensor {
  /** Name in the file. */
  name: string;
  /** Why it is left out. */
  reason: string;
}

/** Foreign weights under our names and in our layout. */
export interface MappedWeights {
  /** By our names. */
  tensors: Map<string, NdArray<Float32Array>>;
  /** Our name → the name in the file. */
  sources: Map<string, string>;
  /** What the mapping has no place for. */
  ignored: IgnoredTensor[];
}

/** A place for one foreign tensor: our name, and for kernels the order of the axes. */
export interface Place {
  name: string;
  axes?: readonly number[];
}

/** PyTorch's [out, in, d, h, w] (or [in, out, d, h, w] of a transposed convolution) to ours, [d, h, w, in, out] (or [d, h, w, out, in]). */
export const PYTORCH_KERNEL = [2, 3, 4, 1, 0] as const;

/** Why a tensor is left out that has the name of one that is mapped, under another prefix. */
export const SECOND_NETWORK = 'of a second network in the file';

/** Sorts foreign tensors into their places; `place` returns a reason (text) for those without one. */
export function mapEach(
  tensors: ReadonlyMap<string, StridedArray>,
  place: (name: string) => Place | string,
): MappedWeights {
  const mapped: MappedWeights = { tensors: new Map(), sources: new Map(), ignored: [] };
  for (const [name, tensor] of tensors) {
    const found = place(name);
    if (typeof found === 'string') {
      mapped.ignored.push({ name, reason: found });
      continue;
    }
    mapped.tensors.set(found.name, permuted(tensor, found.axes));
    mapped.sources.set(found.name, name);
  }
  return mapped;
}

/** The tensor with its axes in another order, copied; as it is when it has not that many axes. */
function permuted(
  tensor: StridedArray,
  axes: readonly number[] | undefined,
): NdArray<Float32Array> {
  if (!axes || axes.length !== tensor.shape.length) {
    return ndarray(floatsOf(tensor), [...tensor.shape]);
  }
  const shape = axes.map((axis) => tensor.shape[axis]);
  const stride = axes.map((axis) => tensor.stride[axis]);
  return ndarray(
    floatsOf({ ...tensor, data: tensor.data, shape, stride, offset: tensor.offset }),
    shape,
  );
}
