import { copyStrided, type NumberArray, type ReadonlyVec3, type Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { PlaneKernels } from './kernels/api.js';
import { openPlaneKernels } from './kernels/open.js';
import { bilinear } from './kernels/typescript.js';
import { PlaneSlots } from './plane-slots.js';
import { enters, held, leaves, planeReach, within } from './row-span.js';

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
  data: NdArray<NumberArray>,
  m: Float64Array,
  pivot: Pivot,
  target: NumberArray,
  size: ReadonlyVec3,
  fill: number | undefined,
): void {
  const { old, fresh } = pivot;
  const across = fresh === 2 ? 1 : 2;
  const [p, q] = old === 2 ? [0, 1] : old === 1 ? [0, 2] : [1, 2];
  const [nx, ny, nz] = [data.shape[p], data.shape[q], data.shape[old]];
  const kernels = openPlaneKernels({ plane: nx * ny, row: size[0] });
  const planes = new PlaneReader(data.transpose(p, q, old), kernels);
  const at: Vec3 = [0, 0, 0];
  const along = (axis: number): number =>
    m[axis * 4 + 1] * at[1] + m[axis * 4 + 2] * at[2] + m[axis * 4 + 3];
  const reach = (axis: number): [number, number] =>
    planeReach(m, size, fresh, at[fresh], axis, data.shape[axis]);
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
      bilinearRow(kernels, nx, ny, along(p), along(q), m[p * 4], m[q * 4], fill);
      kernels.store(target, write);
    }
  }
}

/** Makes sheets of planes of a volume, which are those of its first two axes. */
class PlaneReader {
  private readonly slots = new PlaneSlots();

  constructor(
    private readonly data: NdArray<NumberArray>,
    private readonly kernels: PlaneKernels,
  ) {}

  /** Makes the sheet of what lies at `z`, between the columns and rows given, both ends included. */
  mix(z: number, columns: readonly [number, number], rows: readonly [number, number]): void {
    const nx = this.data.shape[0];
    const at = Math.floor(z);
    const part = z - at;
    const key = (k: number): string => `${k},${columns},${rows}`;
    const plane = (k: number, other: number): number =>
      this.slots.find(key(k), key(other), (into) => this.read(k, columns, rows, into));
    const near = plane(at, at + 1);
    // A voxel of no weight may be outside.
    const far = part > 0 ? plane(at + 1, at) : near;
    for (let y = rows[0]; y <= rows[1]; y++) {
      this.kernels.mix(near, far, part, y * nx + columns[0], columns[1] - columns[0] + 1);
    }
  }

  private read(
    k: number,
    columns: readonly [number, number],
    rows: readonly [number, number],
    into: 0 | 1,
  ): void {
    const [nx] = this.data.shape;
    const size: Vec3 = [columns[1] - columns[0] + 1, rows[1] - rows[0] + 1, 1];
    const from = this.data.lo(columns[0], rows[0], k);
    const to = { offset: columns[0] + rows[0] * nx, stride: [1, nx, 0] };
    copyStrided(from.data, from, this.kernels.planes[into], to, size);
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
