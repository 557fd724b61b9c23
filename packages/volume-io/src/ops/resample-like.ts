import type { NumberArray, Vec3 } from '@genesis/core';
import type { Volume } from '../voxels/volume.js';
import type { ResampleOpts, VolumeGrid } from './resample-opts.js';
import { resampleToGrid } from './resample-to-grid.js';

/**
 * The volume on the grid of another: same shape and affine as `reference`, same place in the world. New voxels of the
 * volume's own type, i fastest; for integer types interpolated values are rounded to the nearest (ITK cuts them off
 * towards zero) and held in the type's range. Convert to float32 first to keep fractions.
 * NaN spreads to the new voxels that it has a weight in.
 * Throws VolumeIoError 'geometry' when an affine is singular, 'range' when `fill` does not fit the voxel type,
 * 'bad-argument' when the shape makes no sense.
 */
export function resampleLike<T extends NumberArray>(
  volume: Volume<T>,
  reference: Volume<NumberArray> | VolumeGrid,
  opts: ResampleOpts = {},
): Volume<T> {
  const grid: VolumeGrid =
    'data' in reference
      ? { shape: [...reference.data.shape] as Vec3, affine: reference.affine }
      : reference;
  return resampleToGrid(volume, grid, opts, opts.fill ?? 0, 'resampled to another grid');
}
