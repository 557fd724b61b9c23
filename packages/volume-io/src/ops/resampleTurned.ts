import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { copyPlane } from './copyPlane.js';
import type { PlaneKernels } from './kernels/api.js';
import { openPlanes } from './kernels/open.js';
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
  const kernels = openPlanes({ plane: nx * ny, row: size[0] });
  const planes = new PlaneReader(data.transpose(p, q, old), kernels);
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
    // One more at each end, for what rounding does to the places of single voxels.
    const [least, most] = [Math.floor(Math.min(...all)) - 1, Math.floor(Math.max(...all)) + 2];
    return [held(least, data.shape[axis]!), held(most, data.shape[axis]!)];
  };
  for (at[fresh] = 0; at[fresh] < size[fresh]; at[fresh]++) {
    const z = along(old);
    const there = fill === undefined || within(z, nz);
    if (there) planes.mix(held(z, nz), reach(p), reach(q));
    for (at[across] = 0; at[across] < size[across]; at[across]++) {
      const write = size[0] * (at[1] + size[1] * at[2]);
      if (!there) {
        target.fill(fill, write, write + size[0]);
        continue;
      }
      bilinearRow(kernels, nx, ny, along(p), along(q), m[p * 4]!, m[q * 4]!, fill);
      kernels.store(target, write);
    }
  }
}

/** Planes of a volume as doubles; the two last ones are kept, because the next mixture often needs one of them again. */
class PlaneReader {
  /** What the kernels' planes hold. */
  private readonly held = [
    { at: -1, box: '' },
    { at: -1, box: '' },
  ];

  /** The planes are those of the first two axes. */
  constructor(
    private readonly data: NdArray<VoxelArray>,
    private readonly kernels: PlaneKernels,
  ) {}

  /** Makes the sheet of what lies at `z`, between the columns and rows given, both ends included. */
  mix(z: number, columns: readonly [number, number], rows: readonly [number, number]): void {
    const nx = this.data.shape[0]!;
    const at = Math.floor(z);
    const part = z - at;
    const near = this.plane(at, at + 1, columns, rows);
    // A voxel of no weight may be outside.
    const far = part > 0 ? this.plane(at + 1, at, columns, rows) : near;
    for (let y = rows[0]; y <= rows[1]; y++) {
      this.kernels.mix(near, far, part, y * nx + columns[0], columns[1] - columns[0] + 1);
    }
  }

  /** The kernels' plane that holds the old plane `at`, read if need be in place of any but `other`. */
  private plane(
    at: number,
    other: number,
    columns: readonly [number, number],
    rows: readonly [number, number],
  ): number {
    const box = `${columns},${rows}`;
    const found = this.held.findIndex((plane) => plane.at === at && plane.box === box);
    if (found >= 0) return found;
    const into = this.held[0]!.at === other ? 1 : 0;
    this.held[into] = { at, box };
    copyPlane(this.data, at, this.kernels.planes[into]!, columns, rows);
    return into;
  }
}

/** Fills the kernels' row. */
function bilinearRow(
  kernels: PlaneKernels,
  nx: number,
  ny: number,
  x0: number,
  y0: number,
  dx: number,
  dy: number,
  fill: number | undefined,
): void {
  const { row, sheet } = kernels;
  const count = row.length;
  // Between these, all four neighbours exist.
  const lo = Math.max(enters(x0, dx, nx), enters(y0, dy, ny), 0);
  const hi = Math.min(leaves(x0, dx, nx), leaves(y0, dy, ny), count - 1);
  if (lo <= hi) kernels.bilinear(nx, lo, hi, x0, y0, dx, dy);
  for (let i = 0; i < count; i++) {
    if (i === lo && hi >= lo) {
      i = hi;
      continue;
    }
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    row[i] =
      fill === undefined || (within(x, nx) && within(y, ny))
        ? bilinear(sheet, nx, held(x, nx), held(y, ny))
        : fill;
  }
}

/** At coordinates within the sheet. A neighbour of no weight may be outside: the voxel itself stands in. */
function bilinear(sheet: Float64Array, nx: number, x: number, y: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const u = x - xi;
  const v = y - yi;
  const ex = u > 0 ? 1 : 0;
  const ey = v > 0 ? nx : 0;
  const at = xi + yi * nx;
  const a = sheet[at]!;
  const b = sheet[at + ex]!;
  const left = v > 0 ? a + v * (sheet[at + ey]! - a) : a;
  const right = v > 0 ? b + v * (sheet[at + ey + ex]! - b) : b;
  return u > 0 ? left + u * (right - left) : left;
}
