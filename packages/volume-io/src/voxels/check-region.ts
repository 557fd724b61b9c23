import type { ReadonlyVec3 } from '@genesis/core';
import type { Region } from '../api.js';
import { VolumeIoError } from '../errors.js';

/** Throws VolumeIoError 'bad-argument' unless the region is inside `shape`, with at least one voxel. */
export function checkRegion(region: Region, shape: ReadonlyVec3, file: string): void {
  const { start, size } = region;
  for (let axis = 0; axis < 3; axis++) {
    const from = start[axis];
    const n = size[axis];
    const fits =
      Number.isInteger(from) &&
      Number.isInteger(n) &&
      from >= 0 &&
      n >= 1 &&
      from + n <= shape[axis];
    if (!fits) {
      throw new VolumeIoError(
        'bad-argument',
        `the region from ${start.join(',')} of ${size.join('×')} voxels is not inside the volume's ${shape.join('×')}`,
        { file },
      );
    }
  }
}
