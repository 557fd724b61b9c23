import type { NumberArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { contiguous, contiguousStride } from './to-order.js';

export type FloatVoxels = Float32Array | Float64Array;

/** Voxels with i fastest: the array itself when it is already so (do not write to it), else a copy. */
export function orderedVoxels(data: NdArray<NumberArray>): NumberArray {
  const shape = data.shape as Vec3;
  const stride = contiguousStride(shape, 'F');
  const count = shape[0] * shape[1] * shape[2];
  const inOrder = stride.every((s, d) => s === data.stride[d] || shape[d] === 1);
  return inOrder
    ? data.data.subarray(data.offset, data.offset + count)
    : contiguous(data, 'F').data;
}

/** The same as floats: float32 where that holds every value of the type, else float64. */
export function floatVoxels(data: NdArray<NumberArray>): FloatVoxels {
  const voxels = orderedVoxels(data);
  if (voxels instanceof Float32Array || voxels instanceof Float64Array) return voxels;
  return isExactAsFloat32(voxels) ? new Float32Array(voxels) : new Float64Array(voxels);
}

/** Does float32 hold every value of the type? */
export function isExactAsFloat32(voxels: NumberArray): boolean {
  return voxels instanceof Float32Array || voxels.BYTES_PER_ELEMENT < 4;
}
