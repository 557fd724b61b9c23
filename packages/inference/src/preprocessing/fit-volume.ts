import { type ReadonlyVec3, resampleToSpacing, type Vec3, type Volume } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import { centerStart, cutCrop } from './cut-crop.js';

/**
 * Brings a whole volume to the input size of a classifier: 'center' cuts or pads around its middle and keeps the
 * voxel size; 'resize' shrinks or enlarges the volume to fill the input (linear).
 *
 * @returns [x, y, z], C order, a new array.
 */
export function fitVolume(
  volume: Volume<Float32Array>,
  size: ReadonlyVec3,
  fit: 'center' | 'resize',
): NdArray<Float32Array> {
  const fitted =
    fit === 'center'
      ? volume
      : (resampleToSpacing(
          volume,
          volume.spacing.map((side, axis) => (side * volume.data.shape[axis]) / size[axis]) as Vec3,
        ) as Volume<Float32Array>);
  // After resizing the shape may be off by a voxel through rounding; the cut puts that right too.
  return cutCrop(fitted.data, centerStart(fitted.data.shape, size), size);
}
