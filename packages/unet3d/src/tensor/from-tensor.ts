import type * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import ndarray from 'ndarray';

/**
 * Reads a tensor into an array of the same shape and axis order. Always a fresh buffer, never a
 * view of the engine's memory. Does not dispose the tensor. Asynchronous because a graphics
 * processor's memory can only be read so.
 */
export async function fromTensor(
  tensor: tf.Tensor,
): Promise<NdArray<Float32Array | Int32Array | Uint8Array>> {
  const data = (await tensor.data()) as Float32Array | Int32Array | Uint8Array;
  return ndarray(data.slice(), tensor.shape);
}
