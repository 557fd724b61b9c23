import type { NumberArray, ReadonlyVec3, Vec3 } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import { composeAffines, scaleAffine } from '../geometry/affine.js';
import type { Volume } from '../voxels/volume.js';
import type { ResampleOpts } from './resample-opts.js';
import { resampleToGrid } from './resample-to-grid.js';

/**
 * The volume with voxels of another size (mm along i, j, k), in the same orientation. The outer corner of the first
 * voxel stays where it is; the number of voxels is the old extent over the new spacing, rounded, at least 1.
 * Voxel type and rounding as in resampleLike. Throws VolumeIoError 'bad-argument' for a spacing that is not positive.
 */
export function resampleToSpacing<T extends NumberArray>(
  volume: Volume<T>,
  spacing: ReadonlyVec3,
  opts: ResampleOpts = {},
): Volume<T> {
  if (spacing.length !== 3 || !spacing.every((s) => Number.isFinite(s) && s > 0)) {
    throw new VolumeIoError(
      'bad-argument',
      `spacing must be three positive numbers of mm, not ${spacing.join(', ')}`,
    );
  }
  const step = spacing.map((s, d) => s / volume.spacing[d]) as Vec3;
  const shape = step.map((s, d) => Math.max(1, Math.round(volume.data.shape[d] / s))) as Vec3;
  const corner = step.map((s) => (s - 1) / 2) as Vec3;
  const affine = composeAffines(volume.affine, scaleAffine(step, corner));
  return resampleToGrid(
    volume,
    { shape, affine },
    opts,
    opts.fill ?? 'edge',
    `resampled to ${spacing.join(' × ')} mm`,
  );
}
