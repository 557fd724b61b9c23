import type { NumberArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { floatVoxels, isExactAsFloat32 } from '../float-voxels.js';
import type { PlaneKernels, PlaneSizes, VolumeKernels } from './api.js';
import { typescriptPlanes, typescriptVolume } from './typescript.js';
import { wasmPlanes, wasmVolume } from './wasm.js';

/**
 * Inner loops for planes and rows of these sizes: in WebAssembly where it may run (very old engines have none, a page's
 * policy can forbid it, and its memory ends at 4 GiB), else in TypeScript. Results are the same bits. Only one at a time:
 * the memory of the last is used again.
 */
export function openPlaneKernels(sizes: PlaneSizes): PlaneKernels {
  try {
    return wasmPlanes(sizes);
  } catch {
    return typescriptPlanes(sizes);
  }
}

/**
 * The inner loop for a volume, of which at most `most` planes are needed at a time, and rows of `count` new voxels; in
 * WebAssembly if float32 holds its voxels, too.
 */
export function openVolumeKernels(
  data: NdArray<NumberArray>,
  most: number,
  count: number,
): VolumeKernels {
  if (isExactAsFloat32(data.data)) {
    try {
      return wasmVolume(data, most, count);
    } catch {
      // As above.
    }
  }
  return typescriptVolume(floatVoxels(data), data.shape as Vec3, count);
}
