import { copyStrided, type ReadonlyVec3, type Vec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { VolumeIoError } from '../errors.js';
import type { Volume } from '../voxels/volume.js';

/**
 * Copies a box of voxels into a contiguous float32 array of shape `size`, k fastest: what a network is fed with.
 * Writes into `out` when it is given (same shape, contiguous), else into a new array. Geometry is left behind;
 * cropVolume keeps it. Throws VolumeIoError 'bad-argument' when the box is not inside the volume or `out` does not fit.
 */
export function crop(
  volume: Volume,
  position: ReadonlyVec3,
  size: ReadonlyVec3,
  out?: NdArray<Float32Array>,
): NdArray<Float32Array> {
  const { data } = volume;
  for (let d = 0; d < 3; d++) {
    const first = position[d];
    if (!(Number.isInteger(first) && first >= 0 && first + size[d] <= data.shape[d])) {
      throw new VolumeIoError(
        'bad-argument',
        `the crop ${size.join('×')} at ${position.join(', ')} is not inside the volume ${data.shape.join('×')}`,
      );
    }
  }
  const stride: Vec3 = [size[1] * size[2], size[2], 1];
  if (out && !(fits(out.shape, size) && fits(out.stride, stride))) {
    throw new VolumeIoError(
      'bad-argument',
      `out must be a contiguous ${size.join('×')} array, k fastest`,
    );
  }
  const target = out ?? ndarray(new Float32Array(size[0] * size[1] * size[2]), [...size]);
  copyStrided(data.data, data.lo(...position), target.data, target, size);
  return target;
}

function fits(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, d) => n === b[d]);
}
