import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { copyStrided } from './copyStrided.js';
import { contiguousStride } from './toOrder.js';

export type FloatVoxels = Float32Array | Float64Array;

/**
 * Voxels as floats with i fastest: float32 where that holds every value of the type, else float64. The array itself
 * when it is already so (do not write to it), else a copy.
 */
export function floatVoxels(data: NdArray<VoxelArray>): FloatVoxels {
  const source = data.data;
  const shape = data.shape as Vec3;
  const stride = contiguousStride(shape, 'F');
  const count = shape[0] * shape[1] * shape[2];
  const wide =
    source instanceof Float64Array || source instanceof Int32Array || source instanceof Uint32Array;
  const inOrder = stride.every((s, d) => s === data.stride[d] || shape[d] === 1);
  if (inOrder) {
    const run = source.subarray(data.offset, data.offset + count);
    if (run instanceof Float32Array || run instanceof Float64Array) return run;
    return wide ? new Float64Array(run) : new Float32Array(run);
  }
  const target = wide ? new Float64Array(count) : new Float32Array(count);
  copyStrided<VoxelArray>(
    source,
    { offset: data.offset, stride: data.stride as Vec3 },
    target,
    { offset: 0, stride },
    shape,
  );
  return target;
}
