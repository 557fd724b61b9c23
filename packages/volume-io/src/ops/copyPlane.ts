import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import type { FloatVoxels } from './floatVoxels.js';

/** Copies plane k, or what of it lies between the columns and rows given (both ends included), to where it lies in `plane`, i fastest. */
export function copyPlane(
  { data, offset, stride, shape }: NdArray<VoxelArray>,
  k: number,
  plane: FloatVoxels,
  columns: readonly [number, number] = [0, shape[0]! - 1],
  rows: readonly [number, number] = [0, shape[1]! - 1],
): void {
  const [sx, sy, sz] = stride as Vec3;
  const nx = shape[0]!;
  const count = columns[1] - columns[0] + 1;
  const start = offset + k * sz + columns[0] * sx;
  if (sx === 1 && sy === nx && count === nx) {
    const from = start + rows[0] * sy;
    plane.set(data.subarray(from, from + (rows[1] - rows[0] + 1) * nx), rows[0] * nx);
    return;
  }
  for (let y = rows[0]; y <= rows[1]; y++) {
    const read = start + y * sy;
    const write = y * nx + columns[0];
    if (sx === 1) plane.set(data.subarray(read, read + count), write);
    else for (let x = 0; x < count; x++) plane[write + x] = data[read + x * sx]!;
  }
}
