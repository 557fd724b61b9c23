import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { enters, held, leaves, within } from './rowSpan.js';

/** An old axis that follows one new axis only, as that of a turn does, and that new axis. */
export interface Pivot {
  old: 0 | 1 | 2;
  fresh: 1 | 2;
}

/** The pivot of a map (new voxel → old voxel), if it has one. Not along rows: their voxels would need a plane each. */
export function findPivot(matrix: Float64Array): Pivot | undefined {
  for (const old of [2, 1, 0] as const) {
    const [i, j, k] = matrix.subarray(old * 4);
    if (i === 0 && j === 0) return { old, fresh: 2 };
    if (i === 0 && k === 0) return { old, fresh: 1 };
  }
  return undefined;
}

/**
 * Linear resampling through a map that has a pivot: two old planes are mixed to one once, and each new voxel of a plane
 * is then a mixture of four voxels, not eight. `target` is i fastest; `fill` undefined: the nearest edge.
 */
export function resampleTurned(
  data: NdArray<VoxelArray>,
  m: Float64Array,
  pivot: Pivot,
  target: VoxelArray,
  size: Vec3,
  fill: number | undefined,
): void {
  const { old, fresh } = pivot;
  const across = fresh === 2 ? 1 : 2;
  const [p, q] = old === 2 ? [0, 1] : old === 1 ? [0, 2] : [1, 2];
  const [nx, ny, nz] = [data.shape[p]!, data.shape[q]!, data.shape[old]!];
  const sheet = new Float64Array(nx * ny);
  const planes = new PlaneReader(data, [p, q, old]);
  const floats = target instanceof Float32Array || target instanceof Float64Array;
  const row = floats ? target : new Float64Array(size[0]);
  const at: Vec3 = [0, 0, 0];
  const along = (axis: number): number =>
    m[axis * 4 + 1]! * at[1] + m[axis * 4 + 2]! * at[2] + m[axis * 4 + 3]!;
  const reach = (axis: number): [number, number] => {
    const end = m[axis * 4]! * (size[0] - 1);
    const starts = [0, size[across] - 1].map((n) => {
      at[across] = n;
      return along(axis);
    });
    const all = starts.flatMap((start) => [start, start + end]);
    const top = data.shape[axis]!;
    return [Math.floor(held(Math.min(...all), top)), Math.floor(held(Math.max(...all) + 1, top))];
  };
  for (at[fresh] = 0; at[fresh] < size[fresh]; at[fresh]++) {
    const z = along(old);
    const there = fill === undefined || within(z, nz);
    if (there) planes.mix(held(z, nz), reach(p), reach(q), sheet);
    for (at[across] = 0; at[across] < size[across]; at[across]++) {
      const write = size[0] * (at[1] + size[1] * at[2]);
      if (!there) {
        target.fill(fill, write, write + size[0]);
        continue;
      }
      const to = floats ? write : 0;
      const [dx, dy] = [m[p * 4]!, m[q * 4]!];
      bilinearRow(sheet, nx, ny, row, to, size[0], along(p), along(q), dx, dy, fill);
      if (!floats) roundRow(row, target, write, size[0]);
    }
  }
}

/** Halves up; mixtures of a type's values are within its range. */
function roundRow(
  row: Float32Array | Float64Array,
  target: VoxelArray,
  at: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[at + i] = Math.floor(row[i]! + 0.5);
}

/** Planes of a volume as doubles; the two last ones are kept, because the next mixture often needs one of them again. */
class PlaneReader {
  private readonly slots: { at: number; box: string; plane: Float64Array }[];

  /** `axes`: those of the plane, and the one across it. */
  constructor(
    private readonly data: NdArray<VoxelArray>,
    private readonly axes: readonly [number, number, number],
  ) {
    const [nx, ny] = axes.map((axis) => data.shape[axis]!);
    this.slots = [0, 1].map(() => ({ at: -1, box: '', plane: new Float64Array(nx! * ny!) }));
  }

  /** Writes the plane at `z` between the columns and rows given, both ends included. */
  mix(
    z: number,
    columns: readonly [number, number],
    rows: readonly [number, number],
    sheet: Float64Array,
  ): void {
    const nx = this.data.shape[this.axes[0]]!;
    const at = Math.floor(z);
    const part = z - at;
    const near = this.plane(at, at + 1, columns, rows);
    // A voxel of no weight may be outside, or NaN.
    const far = part > 0 ? this.plane(at + 1, at, columns, rows) : near;
    for (let y = rows[0]; y <= rows[1]; y++) {
      mixRow(near, far, part, sheet, y * nx + columns[0], y * nx + columns[1]);
    }
  }

  private plane(
    at: number,
    other: number,
    columns: readonly [number, number],
    rows: readonly [number, number],
  ): Float64Array {
    const box = `${columns},${rows}`;
    const found = this.slots.find((slot) => slot.at === at && slot.box === box);
    if (found) return found.plane;
    const slot = this.slots[0]!.at === other ? this.slots[1]! : this.slots[0]!;
    slot.at = at;
    slot.box = box;
    const { data, offset, stride, shape } = this.data;
    const [sx, sy, sz] = this.axes.map((axis) => stride[axis]!) as Vec3;
    const nx = shape[this.axes[0]]!;
    for (let y = rows[0]; y <= rows[1]; y++) {
      const read = offset + at * sz + y * sy + columns[0] * sx;
      const write = y * nx + columns[0];
      const count = columns[1] - columns[0] + 1;
      if (sx === 1) slot.plane.set(data.subarray(read, read + count), write);
      else for (let x = 0; x < count; x++) slot.plane[write + x] = data[read + x * sx]!;
    }
    return slot.plane;
  }
}

function mixRow(
  near: Float64Array,
  far: Float64Array,
  part: number,
  sheet: Float64Array,
  from: number,
  to: number,
): void {
  for (let x = from; x <= to; x++) {
    const v = near[x]!;
    sheet[x] = v + part * (far[x]! - v);
  }
}

/** Writes `count` values to `row` from `to` on. */
function bilinearRow(
  sheet: Float64Array,
  nx: number,
  ny: number,
  row: Float32Array | Float64Array,
  to: number,
  count: number,
  x0: number,
  y0: number,
  dx: number,
  dy: number,
  fill: number | undefined,
): void {
  // Between these, all four neighbours exist.
  const lo = Math.max(enters(x0, dx, nx), enters(y0, dy, ny), 0);
  const hi = Math.min(leaves(x0, dx, nx), leaves(y0, dy, ny), count - 1);
  innerRow(sheet, nx, row, to, lo, hi, x0, y0, dx, dy);
  for (let i = 0; i < count; i++) {
    if (i === lo && hi >= lo) {
      i = hi;
      continue;
    }
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    row[to + i] =
      fill === undefined || (within(x, nx) && within(y, ny))
        ? bilinear(sheet, nx, held(x, nx), held(y, ny))
        : fill;
  }
}

function innerRow(
  sheet: Float64Array,
  nx: number,
  row: Float32Array | Float64Array,
  to: number,
  lo: number,
  hi: number,
  x0: number,
  y0: number,
  dx: number,
  dy: number,
): void {
  for (let i = lo; i <= hi; i++) row[to + i] = bilinear(sheet, nx, x0 + i * dx, y0 + i * dy);
}

/** At coordinates that are not negative, as trilinear. */
function bilinear(sheet: Float64Array, nx: number, x: number, y: number): number {
  const xi = x | 0;
  const yi = y | 0;
  const u = x - xi;
  const v = y - yi;
  const ex = u > 0 ? 1 : 0;
  const ey = v > 0 ? nx : 0;
  const at = xi + yi * nx;
  const a = sheet[at]!;
  const b = sheet[at + ey]!;
  const near = a + u * (sheet[at + ex]! - a);
  const far = b + u * (sheet[at + ey + ex]! - b);
  return near + v * (far - near);
}
