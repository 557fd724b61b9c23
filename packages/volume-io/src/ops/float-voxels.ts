import type { NumberArray } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { orderedVoxels } from '../voxels/contiguous.js';

export type FloatVoxels = Float32Array | Float64Array;

/** The voxels as floats, i fastest: float32 where that holds every value of the type, else float64. */
export function floatVoxels(data: NdArray<NumberArray>): FloatVoxels {
  const voxels = orderedVoxels(data);
  if (voxels instanceof Float32Array || voxels instanceof Float64Array) return voxels;
  return isExactAsFloat32(voxels) ? new Float32Array(voxels) : new Float64Array(voxels);
}

/** Does float32 hold every value of the type? */
export function isExactAsFloat32(voxels: NumberArray): boolean {
  return voxels instanceof Float32Array || voxels.BYTES_PER_ELEMENT < 4;
}
