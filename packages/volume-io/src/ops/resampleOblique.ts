import ndarray, { type NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { smoothingTaps } from './axisTaps.js';
import { type FloatVoxels, floatVoxels } from './floatVoxels.js';
import { type GridMap, shrinkSigma } from './gridMap.js';
import type { VolumeKernels } from './kernels/api.js';
import { openVolume } from './kernels/open.js';
import { resampleAxis } from './resampleAxis.js';
import { findPivot, resampleTurned } from './resampleTurned.js';
import { enters, held, leaves, within } from './rowSpan.js';
import { contiguousStride } from './toOrder.js';

/** Linear resampling through any affine map. `target` is i fastest; `fill` undefined: the nearest edge. */
export function resampleOblique(
  data: NdArray<VoxelArray>,
  map: GridMap,
  target: VoxelArray,
  size: Vec3,
  antialias: boolean,
  fill: number | undefined,
): void {
  const shape = data.shape as Vec3;
  let smooth = data;
  for (const d of [0, 1, 2] as const) {
    const sigma = antialias ? shrinkSigma(map.reach[d]) : 0;
    if (sigma === 0) continue;
    const voxels = resampleAxis(floatVoxels(smooth), shape, d, smoothingTaps(shape[d], sigma));
    smooth = ndarray(voxels, shape, contiguousStride(shape, 'F')) as NdArray<VoxelArray>;
  }
  const m = map.matrix;
  const pivot = findPivot(m);
  if (pivot) {
    resampleTurned(smooth, m, pivot, target, size, fill);
    return;
  }
  const needs = planesNeeded(m, size, shape[2]);
  const most = Math.max(...needs.map(([from, to]) => to - from + 1));
  const kernels = openVolume(smooth, most, size[0]);
  // In the order in which old planes come to be needed.
  const up = m[10]! >= 0;
  for (let n = 0; n < size[2]; n++) {
    const k = up ? n : size[2] - 1 - n;
    kernels.need(...needs[k]!);
    for (let j = 0; j < size[1]; j++) {
      const at = (d: number): number => m[d * 4 + 1]! * j + m[d * 4 + 2]! * k + m[d * 4 + 3]!;
      trilinearRow(kernels, shape, [at(0), at(1), at(2)], [m[0]!, m[4]!, m[8]!], fill);
      kernels.store(target, size[0] * (j + size[1] * k));
    }
  }
}

/** The first and the last of nz old planes that each new plane lies between. */
function planesNeeded(m: Float64Array, size: Vec3, nz: number): [number, number][] {
  const ends = [0, m[8]! * (size[0] - 1)].flatMap((x) => [x, x + m[9]! * (size[1] - 1)]);
  const [least, most] = [Math.min(...ends) + m[11]!, Math.max(...ends) + m[11]!];
  return Array.from({ length: size[2] }, (_, k) => {
    const z = m[10]! * k;
    // One more at each end, for what rounding does to the places of single voxels.
    const planes = [Math.floor(least + z) - 1, Math.floor(most + z) + 2];
    return planes.map((plane) => held(plane, nz)) as [number, number];
  });
}

/** Fills the kernels' row with what lies at `start`, `start` + `step`, … */
function trilinearRow(
  kernels: VolumeKernels,
  shape: Vec3,
  start: Vec3,
  step: Vec3,
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

/** At coordinates within the volume. A neighbour of no weight may be outside: the voxel itself stands in. */
function trilinear(
  voxels: FloatVoxels,
  nx: number,
  plane: number,
  x: number,
  y: number,
  z: number,
): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const zi = Math.floor(z);
  const u = x - xi;
  const v = y - yi;
  const w = z - zi;
  const ex = u > 0 ? 1 : 0;
  const ey = v > 0 ? nx : 0;
  const ez = w > 0 ? plane : 0;
  const at = xi + yi * nx + zi * plane;
  const a = voxels[at]!;
  const b = voxels[at + ey]!;
  const c = voxels[at + ez]!;
  const d = voxels[at + ey + ez]!;
  const front = a + u * (voxels[at + ex]! - a);
  const upper = b + u * (voxels[at + ey + ex]! - b);
  const back = c + u * (voxels[at + ez + ex]! - c);
  const last = d + u * (voxels[at + ey + ez + ex]! - d);
  const near = front + v * (upper - front);
  return near + w * (back + v * (last - back) - near);
}
