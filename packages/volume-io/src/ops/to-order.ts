import type { TypedArray } from '@genesis/core';
import { contiguous } from '../voxels/contiguous.js';
import { Volume } from '../voxels/volume.js';

/**
 * The same voxels at the same indices, laid out contiguously: 'F' with i fastest (NIfTI, ITK buffers), 'C' with k
 * fastest (numpy's and TensorFlow's default). No axis is flipped or permuted; only memory changes. Always copies.
 */
export function toOrder<T extends TypedArray>(volume: Volume<T>, order: 'C' | 'F'): Volume<T> {
  return new Volume(contiguous(volume.data, order), volume.affine, volume.header);
}
