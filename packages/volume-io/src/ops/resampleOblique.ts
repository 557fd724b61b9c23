import ndarray, { type NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { smoothingTaps } from './axisTaps.js';
import { type FloatVoxels, floatVoxels } from './floatVoxels.js';
import { type GridMap, shrinkSigma } from './gridMap.js';
import { resampleAxis } from './resampleAxis.js';
import { findPivot, resampleTurned } from './resampleTurned.js';
import { enters, held, leaves, within } from './rowSpan.js';
import { contiguousStride } from './toOrder.js';
import { integerRange, storeRow } from './voxelRange.js';

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
  const voxels = floatVoxels(smooth);
  const range = integerRange(target);
  const row = new Float64Array(size[0]);
  const outside = fill ?? 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const x0 = m[1]! * j + m[2]! * k + m[3]!;
      const y0 = m[5]! * j + m[6]! * k + m[7]!;
      const z0 = m[9]! * j + m[10]! * k + m[11]!;
      trilinearRow(
        voxels,
        shape,
        row,
        x0,
        y0,
        z0,
        m[0]!,
        m[4]!,
        m[8]!,
        fill === undefined,
        outside,
      );
      storeRow(target, size[0] * (j + size[1] * k), row, size[0], range);
    }
  }
}

function trilinearRow(
  voxels: FloatVoxels,
  shape: Vec3,
  row: Float64Array,
  x0: number,
  y0: number,
  z0: number,
  dx: number,
  dy: number,
  dz: number,
  hold: boolean,
  outside: number,
): void {
  const [nx, ny, nz] = shape;
  // Between these, all eight neighbours exist.
  const lo = Math.max(enters(x0, dx, nx), enters(y0, dy, ny), enters(z0, dz, nz), 0);
  const hi = Math.min(leaves(x0, dx, nx), leaves(y0, dy, ny), leaves(z0, dz, nz), row.length - 1);
  innerRow(voxels, nx, nx * ny, row, lo, hi, x0, y0, z0, dx, dy, dz);
  for (let i = 0; i < row.length; i++) {
    if (i === lo && hi >= lo) {
      i = hi;
      continue;
    }
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    const z = z0 + i * dz;
    row[i] =
      hold || (within(x, nx) && within(y, ny) && within(z, nz))
        ? trilinear(voxels, nx, nx * ny, held(x, nx), held(y, ny), held(z, nz))
        : outside;
  }
}

function innerRow(
  voxels: FloatVoxels,
  nx: number,
  plane: number,
  row: Float64Array,
  lo: number,
  hi: number,
  x0: number,
  y0: number,
  z0: number,
  dx: number,
  dy: number,
  dz: number,
): void {
  for (let i = lo; i <= hi; i++) {
    row[i] = trilinear(voxels, nx, plane, x0 + i * dx, y0 + i * dy, z0 + i * dz);
  }
}

/** At coordinates that are not negative. A neighbour of no weight may be outside, or NaN: the voxel itself stands in. */
function trilinear(
  voxels: FloatVoxels,
  nx: number,
  plane: number,
  x: number,
  y: number,
  z: number,
): number {
  // Not negative, so cutting off is rounding down.
  const xi = x | 0;
  const yi = y | 0;
  const zi = z | 0;
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
