import type { Affine, VolumeHeader } from '../api.js';
import { affineOrientation, affineSpacing } from './affine.js';

/** The fields of a header that say where its voxels lie, all of which follow from the affine. */
export function worldGeometry(
  affine: Affine,
): Pick<VolumeHeader, 'affine' | 'spacing' | 'orientation'> {
  const spacing = affineSpacing(affine);
  return { affine, spacing, orientation: affineOrientation(affine, spacing) };
}
