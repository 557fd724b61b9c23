import type { Affine } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { affineSpacing } from './affine.js';
import { isUsableAffine } from './usable-affine.js';

/** Throws VolumeIoError 'geometry' unless the affine is 16 finite numbers whose axes have a length and are independent. */
export function requireUsable(affine: Affine, file?: string): void {
  if (isUsableAffine(affine)) return;
  const finite = affine.length === 16 && affine.every(Number.isFinite);
  throw new VolumeIoError(
    'geometry',
    finite
      ? `the affine cannot place voxels, because its axes have no usable length or are not independent (voxel sizes ${affineSpacing(affine).join(', ')} mm)`
      : 'the affine must be 16 finite numbers, row by row',
    { file },
  );
}
