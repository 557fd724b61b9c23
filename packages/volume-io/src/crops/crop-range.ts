import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import type { CropRange } from './api.js';

/** Voxels of a LUNA16 volume within a slice, and the borders that the reference keeps off. */
const LUNA16_SIDE = 512;
const BORDER: Vec3 = [100, 100, 30];

/**
 * Start positions that leave the border free. As in the reference, the last start is one voxel short of what would fit,
 * and along k also `lookAhead` slices short, so that the look-ahead stays within the volume; where that leaves no
 * start although the crop fits, there is one. Undefined when a fixed border leaves no room along k (the reference
 * skips such volumes). Throws VolumeIoError 'bad-argument' when the crop is larger than the volume, or when a fixed
 * border leaves no room along i or j.
 */
export function cropRange(
  shape: ReadonlyVec3,
  size: ReadonlyVec3,
  lookAhead: number,
  border: 'scaled' | 'reference' | ReadonlyVec3,
): CropRange | undefined {
  for (let d = 0; d < 3; d++) {
    if (size[d] > shape[d]) {
      throw new VolumeIoError(
        'bad-argument',
        `the crop ${size.join('×')} is larger than the volume ${shape.join('×')}; choose a smaller crop, or pad the volume`,
      );
    }
  }
  const last = [0, 1, 2].map((d) =>
    Math.max(0, shape[d] - size[d] - 1 - (d === 2 ? lookAhead : 0)),
  ) as Vec3;
  if (border === 'scaled') {
    const kept = scaledBorder(shape, last);
    return { lo: kept, hi: [last[0] - kept[0], last[1] - kept[1], last[2] - kept[2]] };
  }
  const lo: Vec3 = border === 'reference' ? [...BORDER] : [...border];
  const hi: Vec3 = [last[0] - lo[0], last[1] - lo[1], last[2] - lo[2]];
  if (hi[2] < lo[2]) return undefined;
  if (hi[0] < lo[0] || hi[1] < lo[1]) {
    throw new VolumeIoError(
      'bad-argument',
      `a border of ${lo.join(', ')} voxels leaves no room for a crop ${size.join('×')} in a volume ${shape.join('×')}; use border 'scaled'`,
    );
  }
  return { lo, hi };
}

/** The reference's border where the volume is as large as LUNA16's, else in proportion, never over a quarter of the starts. */
function scaledBorder(shape: ReadonlyVec3, last: ReadonlyVec3): Vec3 {
  const scale = Math.min(1, shape[0] / LUNA16_SIDE, shape[1] / LUNA16_SIDE);
  return [0, 1, 2].map((d) => {
    const own = d < 2 ? Math.min(1, shape[d] / LUNA16_SIDE) : scale;
    const fits = own === 1 && last[d] >= 2 * BORDER[d];
    return fits ? BORDER[d] : Math.min(Math.floor(own * BORDER[d]), Math.floor(last[d] / 4));
  }) as Vec3;
}
