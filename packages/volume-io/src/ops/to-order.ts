import { copyStrided, type TypedArray, type Vec3, zerosLike } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { Volume } from '../api.js';

/**
 * The same voxels at the same indices, laid out contiguously: 'F' with i fastest (NIfTI, ITK buffers), 'C' with k
 * fastest (numpy's and TensorFlow's default). No axis is flipped or permuted; only memory changes. Always copies.
 */
export function toOrder<T extends TypedArray>(volume: Volume<T>, order: 'C' | 'F'): Volume<T> {
  return { ...volume, data: contiguous(volume.data, order) };
}

/** A contiguous copy of a 3-D array; `target`, of the same type and exactly as long, receives it. */
export function contiguous<T extends TypedArray>(
  data: NdArray<T>,
  order: 'C' | 'F',
  target: T = zerosLike(data.data, data.size),
): NdArray<T> {
  const shape = [...data.shape] as Vec3;
  const stride = contiguousStride(shape, order);
  copyStrided(data.data, data, target, { offset: 0, stride }, shape);
  return ndarray(target, shape, stride);
}

export function contiguousStride(shape: Vec3, order: 'C' | 'F'): Vec3 {
  return order === 'F' ? [1, shape[0], shape[0] * shape[1]] : [shape[1] * shape[2], shape[2], 1];
}
