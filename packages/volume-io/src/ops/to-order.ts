import type { TypedArray } from '@genesis/core';
import type { Volume } from '../api.js';
import { contiguous } from '../voxels/contiguous.js';

/**
 * The same voxels at the same indices, laid out contiguously: 'F' with i fastest (NIfTI, ITK buffers), 'C' with k
 * fastest (numpy's and TensorFlow's default). No axis is flipped or permuted; only memory changes. Always copies.
 */
export function toOrder<T extends TypedArray>(volume: Volume<T>, order: 'C' | 'F'): Volume<T> {
  return { ...volume, data: contiguous(volume.data, order) };
}
