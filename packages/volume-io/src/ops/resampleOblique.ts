import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { smoothingTaps } from './axisTaps.js';
import { type FloatVoxels, floatVoxels } from './floatVoxels.js';
import { type GridMap, shrinkSigma } from './gridMap.js';
import { resampleAxis } from './resampleAxis.js';
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
  let voxels: FloatVoxels = floatVoxels(data);
  for (const d of [0, 1, 2] as const) {
    const sigma = antialias ? shrinkSigma(map.reach[d]) : 0;
    if (sigma > 0) voxels = resampleAxis(voxels, shape, d, smoothingTaps(shape[d], sigma));
  }
  const m = map.matrix;
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
  const plane = nx * ny;
  for (let i = 0; i < row.length; i++) {
    let x = x0 + i * dx;
    let y = y0 + i * dy;
    let z = z0 + i * dz;
    if (!(x >= 0 && x < nx - 1 && y >= 0 && y < ny - 1 && z >= 0 && z < nz - 1)) {
      const inside =
        x >= -0.5 && x < nx - 0.5 && y >= -0.5 && y < ny - 0.5 && z >= -0.5 && z < nz - 0.5;
      if (!inside && !hold) {
        row[i] = outside;
        continue;
      }
      x = Math.max(0, Math.min(nx - 1, x));
      y = Math.max(0, Math.min(ny - 1, y));
      z = Math.max(0, Math.min(nz - 1, z));
    }
    const xi = Math.floor(x);
    const yi = Math.floor(y);
    const zi = Math.floor(z);
    const u = x - xi;
    const v = y - yi;
    const w = z - zi;
    // A neighbour of no weight may lie outside, or be NaN: it is replaced by the voxel itself.
    const at = xi + yi * nx + zi * plane;
    const ex = u > 0 ? 1 : 0;
    const ey = v > 0 ? nx : 0;
    const ez = w > 0 ? plane : 0;
    const a = voxels[at]!;
    const b = voxels[at + ey]!;
    const c = voxels[at + ez]!;
    const d = voxels[at + ey + ez]!;
    const front = a + u * (voxels[at + ex]! - a);
    const upper = b + u * (voxels[at + ey + ex]! - b);
    const back = c + u * (voxels[at + ez + ex]! - c);
    const last = d + u * (voxels[at + ey + ez + ex]! - d);
    const near = front + v * (upper - front);
    row[i] = near + w * (back + v * (last - back) - near);
  }
}
