import type { ReadonlyVec3 } from '@genesis/core';
import { upperMedian } from '../../../data/order-statistics.js';

/** Slices count as thick when they are more than so many times as far apart as voxels within them, as in nnU-Net. */
const THICK = 3;

/**
 * The axis across thick slices, by the median of the volumes' voxel sizes.
 *
 * @param spacings - Voxel sizes of the volumes in mm, at least one.
 * @returns undefined where there is none.
 */
export function thickAxis(spacings: readonly ReadonlyVec3[]): 0 | 1 | 2 | undefined {
  const median = [0, 1, 2].map((axis) => upperMedian(spacings.map((spacing) => spacing[axis])));
  const [, middle, most] = [...median].sort((a, b) => a - b);
  return most > THICK * middle ? (median.indexOf(most) as 0 | 1 | 2) : undefined;
}
