import type { StridedArray } from '@genesis/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import ndarray from 'ndarray';
import { floatsOf } from '../tensor/floats-of.js';

/** A kernel of one input channel that was made one of several. */
export interface RepeatedKernel {
  /** Our name. */
  name: string;
  /** Input channels of the model. */
  channels: number;
}

/**
 * Makes the first layer's kernel of one input channel one of as many as the model has: repeated for each channel and divided by
 * their number, so that an image that is the same in all channels gives what it gave before.
 *
 * @param weights - Of the model, in the order of its layers.
 * @param tensors - By our names; the kernel is replaced where it has one channel and the model's first kernel has several.
 * @returns undefined where nothing was to be done.
 */
export function repeatInput(
  weights: ReadonlyMap<string, tfl.LayerVariable>,
  tensors: Map<string, StridedArray>,
): RepeatedKernel | undefined {
  const [first] = [...weights].filter(([, { shape }]) => shape.length === 5);
  if (!first) return undefined;
  const [name, { shape }] = first;
  const [channels, width] = [Number(shape[3]), Number(shape[4])];
  const found = tensors.get(name);
  const isSingle =
    found?.shape.length === 5 &&
    found.shape[3] === 1 &&
    channels > 1 &&
    shape.every((side, axis) => axis === 3 || side === found.shape[axis]);
  if (!isSingle) return undefined;
  const values = floatsOf(found);
  const repeated = new Float32Array(values.length * channels);
  for (let n = 0; n < repeated.length; n++) {
    const voxel = Math.floor(n / (channels * width));
    repeated[n] = values[voxel * width + (n % width)] / channels;
  }
  tensors.set(name, ndarray(repeated, [...found.shape.slice(0, 3), channels, width]));
  return { name, channels };
}
