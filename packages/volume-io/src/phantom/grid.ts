import type { Vec3 } from '@genesis/core';

/** The voxels being painted, x fastest, in the patient's own millimetres (body size divided out). */
export interface PhantomGrid {
  shape: Vec3;
  spacing: Vec3;
  /** Position of voxel (0, 0, 0). */
  origin: Vec3;
  hu: Float32Array;
  labels: Uint8Array;
}

/** Voxel box, `hi` exclusive. */
export interface IndexBox {
  lo: Vec3;
  hi: Vec3;
}

/** Millimetre box [lo, hi]. */
export type Bounds = readonly [Vec3, Vec3];

/** The voxels that may be touched by what lies within `bounds`, one voxel wider on each side; hi ≤ lo when there are none. */
export function boxOf(grid: PhantomGrid, bounds: Bounds): IndexBox {
  const lo: Vec3 = [0, 0, 0];
  const hi: Vec3 = [0, 0, 0];
  for (let d = 0; d < 3; d++) {
    lo[d] = Math.max(0, Math.floor((bounds[0][d] - grid.origin[d]) / grid.spacing[d]) - 1);
    hi[d] = Math.min(
      grid.shape[d],
      Math.ceil((bounds[1][d] - grid.origin[d]) / grid.spacing[d]) + 2,
    );
  }
  return { lo, hi };
}
