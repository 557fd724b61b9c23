import { type NumberArray, toCOrder } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import { floatsOf } from './floats-of.js';

/**
 * Makes a tensor of an array, same shape, axis order kept (channels last for volumes). Floating
 * point becomes float32, integers int32 (2³¹ and more do not fit). A C-contiguous Float32Array is handed over without a copy
 * where the engine allows, so do not write to it while the tensor lives. The caller disposes the
 * tensor.
 */
export function toTensor(array: NdArray<NumberArray>): tf.Tensor {
  const data = toCOrder(array);
  if (data instanceof Float32Array) return tf.tensor(data, array.shape, 'float32');
  if (data instanceof Float64Array) return tf.tensor(floatsOf(array), array.shape, 'float32');
  return tf.tensor(data instanceof Int32Array ? data : Int32Array.from(data), array.shape, 'int32');
}
