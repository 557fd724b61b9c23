import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';

/** A batch of the pool as a tensor. Copied: the pool overwrites its memory, and an engine may read a tensor's values later. */
export function batchTensor(batch: NdArray<Float32Array>): tf.Tensor {
  return tf.tensor(batch.data.slice(0, batch.size), batch.shape, 'float32');
}
