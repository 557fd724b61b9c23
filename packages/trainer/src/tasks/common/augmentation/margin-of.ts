import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { AugmentationSpec } from '@genesis/transforms';

/** Beside a crop so many times its side is read: what turns and scales show lies within. nnU-Net takes as much. */
const MARGIN = 0.3;

/**
 * How many voxels beside a crop an augmentation may show, along each axis: none where it only cuts, and none across thick
 * slices.
 */
export function marginOf(augmentation: AugmentationSpec, crop: ReadonlyVec3): Vec3 {
  const moves = movesOf(augmentation);
  const along = (axis: 0 | 1 | 2): number =>
    moves.every((acrossAxis) => acrossAxis === axis) ? 0 : Math.ceil(MARGIN * crop[axis]);
  return [along(0), along(1), along(2)];
}

/** For each part that resamples, the axis that it leaves alone. */
function movesOf(spec: AugmentationSpec): (number | undefined)[] {
  switch (spec.name) {
    case 'compose':
    case 'one-of':
      return spec.steps.flatMap(movesOf);
    case 'spatial': {
      const { rotation, scaling, translation, shear, elastic, acrossAxis } = spec.opts ?? {};
      const parts = [rotation, scaling, translation, shear, elastic];
      return parts.some((part) => part !== undefined) ? [acrossAxis] : [];
    }
    case 'nnunet':
    case 'nnunet-no-mirror':
    case 'light':
    case 'torchio-mr':
      return [spec.opts?.acrossAxis];
    default:
      return [];
  }
}
