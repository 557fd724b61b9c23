import type { NumberArray, Vec3 } from '@genesis/core';
import { applyAffine, composeAffines, invertAffine, shiftAffine } from '../geometry/affine.js';
import { isSheared, straightAffine } from '../geometry/shear.js';
import type { Volume } from '../voxels/volume.js';
import type { ResampleOpts } from './resample-opts.js';
import { resampleToGrid } from './resample-to-grid.js';

/** Coordinates this near to a whole number are that number. */
const WHOLE = 1e-6;

/**
 * The volume on a grid whose axes are at right angles, for programs that know no shear: a scan with a tilted gantry, above
 * all. Its slices stay in their planes, and are moved within them; the grid is as much larger as that takes, so that
 * nothing is lost. New voxels outside the old volume get `fill`, by default the smallest value of the volume. A volume
 * without shear is given back as it is. Voxel type and rounding as in resampleLike.
 */
export function straighten<T extends NumberArray>(
  volume: Volume<T>,
  opts: Omit<ResampleOpts, 'antialias'> = {},
): Volume<T> {
  const [nx, ny, nz] = volume.data.shape;
  const shape: Vec3 = [nx, ny, nz];
  if (!isSheared(volume.affine, shape)) return volume;
  const straight = straightAffine(volume.affine);
  const [start, size] = extent(composeAffines(invertAffine(straight), volume.affine), shape);
  return resampleToGrid(
    volume,
    { shape: size, affine: shiftAffine(straight, start) },
    // Voxels keep their size: there is nothing to smooth.
    { ...opts, antialias: false },
    opts.fill ?? smallest(volume),
    'straightened: resampled to axes at right angles',
  );
}

/** The first whole voxel and the number of voxels, along each axis of the new grid, that hold all corners of the old one. */
function extent(toNew: Float64Array, shape: Vec3): [start: Vec3, size: Vec3] {
  const low: Vec3 = [Infinity, Infinity, Infinity];
  const high: Vec3 = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const at = (axis: number): number => (corner & (1 << axis) ? shape[axis] - 1 : 0);
    const point = applyAffine(toNew, [at(0), at(1), at(2)]);
    for (const axis of [0, 1, 2]) {
      low[axis] = Math.min(low[axis], Math.floor(point[axis] + WHOLE));
      high[axis] = Math.max(high[axis], Math.ceil(point[axis] - WHOLE));
    }
  }
  return [low, [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1]];
}

function smallest({ data }: Volume<NumberArray>): number {
  const [nx, ny, nz] = data.shape;
  let least = Number.POSITIVE_INFINITY;
  if (data.data.length === nx * ny * nz) {
    for (const v of data.data) if (v < least) least = v;
  } else {
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++) least = Math.min(least, data.get(i, j, k));
      }
    }
  }
  // Of NaN and infinities alone.
  return Number.isFinite(least) ? least : 0;
}
