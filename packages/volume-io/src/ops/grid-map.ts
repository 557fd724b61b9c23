import type { Vec3 } from '@genesis/core';
import { composeAffines, invertAffine } from '../geometry/affine.js';
import type { VolumeGrid } from './resample-opts.js';

/** How coordinates of a new grid become coordinates of an old volume. */
export interface GridMap {
  /** 4×4, row-major: new voxel → old voxel. */
  matrix: Float64Array;
  /** For each new axis the old axis it runs along, when each runs along one: then old = step · new + shift. */
  aligned?: { axis: Vec3; step: Vec3; shift: Vec3 };
  /** Length of a new voxel along each old axis, in old voxels. */
  reach: Vec3;
}

/** Largest drift across the grid, in old voxels, at which axes count as parallel. */
const DRIFT = 1e-6;

/** From a volume (or its grid) to a new grid. */
export function gridMap(volume: Pick<VolumeGrid, 'affine'>, grid: VolumeGrid): GridMap {
  const matrix = composeAffines(invertAffine(volume.affine), grid.affine).map(snap);
  const at = (row: number, col: number): number => matrix[row * 4 + col];
  const reach = [0, 1, 2].map((row) => Math.hypot(at(row, 0), at(row, 1), at(row, 2))) as Vec3;
  const axis: Vec3 = [0, 0, 0];
  const step: Vec3 = [0, 0, 0];
  const shift: Vec3 = [0, 0, 0];
  for (let col = 0; col < 3; col++) {
    let best = 0;
    for (let row = 1; row < 3; row++) {
      if (Math.abs(at(row, col)) > Math.abs(at(best, col))) best = row;
    }
    for (let row = 0; row < 3; row++) {
      if (row !== best && Math.abs(at(row, col)) * grid.shape[col] > DRIFT)
        return { matrix, reach };
    }
    axis[col] = best;
    step[col] = at(best, col);
    shift[col] = at(best, 3);
  }
  if (new Set(axis).size < 3) return { matrix, reach };
  return { matrix, aligned: { axis, step, shift }, reach };
}

/** Whole numbers that the inversion missed by rounding: voxels that coincide are then taken over unchanged. */
function snap(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-9 ? whole : value;
}

/** σ in old voxels of the smoothing before shrinking; see ResampleOpts.antialias. */
export function shrinkSigma(reach: number): number {
  // Rounding errors of an unchanged voxel size must not cause a smoothing.
  return reach > 1 + 1e-6 ? Math.sqrt((reach * reach - 1) / (8 * Math.LN2)) : 0;
}
