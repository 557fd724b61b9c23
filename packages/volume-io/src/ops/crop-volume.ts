import { copyStrided, type TypedArray, type Vec3, zerosLike } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { Region, Volume } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { shiftAffine } from '../volume/affine.js';
import { derive } from './derive.js';
import { contiguousStride } from './to-order.js';

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
  const [i, j, k] = data.stride as Vec3;
  const stride = contiguousStride(size, 'F');
  const target = zerosLike(data.data, size[0] * size[1] * size[2]);
  copyStrided(
    data.data,
    { offset: data.offset + start[0] * i + start[1] * j + start[2] * k, stride: [i, j, k] },
    target,
    { offset: 0, stride },
    size,
  );
  return derive(
    volume,
    ndarray(target, [...size], stride) as NdArray<T>,
    shiftAffine(volume.affine, start),
    `cropped to ${size.join('×')} at ${start.join(', ')}`,
  );
}
