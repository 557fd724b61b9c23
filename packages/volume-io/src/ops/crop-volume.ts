import type { TypedArray } from '@genesis/core';
import type { Region } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { shiftAffine } from '../geometry/affine.js';
import { contiguous } from '../voxels/contiguous.js';
import type { Volume } from '../voxels/volume.js';
import { derive } from './derive.js';

/**
 * Cuts a box out of a volume: new voxels, i fastest; every voxel keeps its place in the world.
 * Throws VolumeIoError 'bad-argument' when the box is empty or not inside the volume.
 */
export function cropVolume<T extends TypedArray>(volume: Volume<T>, region: Region): Volume<T> {
  const { data } = volume;
  const { start, size } = region;
  for (let d = 0; d < 3; d++) {
    const inside =
      Number.isInteger(start[d]) &&
      Number.isInteger(size[d]) &&
      start[d] >= 0 &&
      size[d] > 0 &&
      start[d] + size[d] <= data.shape[d];
    if (!inside) {
      throw new VolumeIoError(
        'bad-argument',
        `the box ${size.join('×')} at ${start.join(', ')} is not inside the volume ${data.shape.join('×')}`,
      );
    }
  }
  const box = data.lo(...start).hi(...size);
  return derive(
    volume,
    contiguous(box, 'F'),
    shiftAffine(volume.affine, start),
    `cropped to ${size.join('×')} at ${start.join(', ')}`,
  );
}
