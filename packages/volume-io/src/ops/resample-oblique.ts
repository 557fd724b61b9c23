import type { NumberArray, ReadonlyVec3, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { inOrder } from '../voxels/contiguous.js';
import { smoothingTaps } from './axis-taps.js';
import { floatVoxels } from './float-voxels.js';
import { type GridMap, shrinkSigma } from './grid-map.js';
import type { VolumeKernels } from './kernels/api.js';
import { openVolumeKernels } from './kernels/open.js';
import { trilinear } from './kernels/typescript.js';
import { resampleAxis } from './resample-axis.js';
import { findPivot, resampleTurned } from './resample-turned.js';
import { enters, held, leaves, planeReach, within } from './row-span.js';

/** Linear resampling through any affine map. `target` is i fastest; `fill` undefined: the nearest edge. */
export function resampleOblique(
  data: NdArray<NumberArray>,
  map: GridMap,
  target: NumberArray,
  size: ReadonlyVec3,
  antialias: boolean,
  fill: number | undefined,
): void {
  const shape = data.shape as Vec3;
  let smooth = data;
  for (const d of [0, 1, 2] as const) {
    const sigma = antialias ? shrinkSigma(map.reach[d]) : 0;
    if (sigma === 0) continue;
    const voxels = resampleAxis(floatVoxels(smooth), shape, d, smoothingTaps(shape[d], sigma));
    smooth = inOrder(voxels, shape, 'F');
  }
  const m = map.matrix;
  const pivot = findPivot(m);
  if (pivot) {
    resampleTurned(smooth, m, pivot, target, size, fill);
    return;
  }
  const needs = Array.from({ length: size[2] }, (_, k) => planeReach(m, size, 2, k, 2, shape[2]));
  const most = Math.max(...needs.map(([from, to]) => to - from + 1));
  const kernels = openVolumeKernels(smooth, most, size[0]);
  // In the order in which old planes come to be needed.
  const up = m[10] >= 0;
  for (let n = 0; n < size[2]; n++) {
    const k = up ? n : size[2] - 1 - n;
    kernels.need(...needs[k]);
    for (let j = 0; j < size[1]; j++) {
      const at = (d: number): number => m[d * 4 + 1] * j + m[d * 4 + 2] * k + m[d * 4 + 3];
      trilinearRow(kernels, shape, [at(0), at(1), at(2)], [m[0], m[4], m[8]], fill);
      kernels.store(target, size[0] * (j + size[1] * k));
    }
  }
}

/** Fills the kernels' row with what lies at `start`, `start` + `step`, … */
function trilinearRow(
  kernels: VolumeKernels,
  shape: ReadonlyVec3,
  start: ReadonlyVec3,
  step: ReadonlyVec3,
  fill: number | undefined,
): void {
  const { row, voxels, first } = kernels;
  const [nx, ny, nz] = shape;
  const [x0, y0, z0] = start;
  const [dx, dy, dz] = step;
  // Between these, all eight neighbours exist.
  const lo = Math.max(enters(x0, dx, nx), enters(y0, dy, ny), enters(z0, dz, nz), 0);
  const hi = Math.min(leaves(x0, dx, nx), leaves(y0, dy, ny), leaves(z0, dz, nz), row.length - 1);
  if (lo <= hi) kernels.trilinear(lo, hi, x0, y0, z0, dx, dy, dz);
  for (let i = 0; i < row.length; i++) {
    if (i === lo && hi >= lo) {
      i = hi;
      continue;
    }
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    const z = z0 + i * dz;
    row[i] =
      fill === undefined || (within(x, nx) && within(y, ny) && within(z, nz))
        ? trilinear(voxels, nx, nx * ny, held(x, nx), held(y, ny), held(z, nz) - first)
        : fill;
  }
}
