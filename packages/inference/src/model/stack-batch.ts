import * as tf from '@tensorflow/tfjs-core';

/** Copies equally long arrays one after the other into a tensor of shape [arrays.length, ...shape]. */
export function stackBatch(arrays: readonly Float32Array[], shape: readonly number[]): tf.Tensor {
  const values = new Float32Array(arrays.length * arrays[0].length);
  arrays.forEach((array, n) => {
    values.set(array, n * array.length);
  });
  return tf.tensor(values, [arrays.length, ...shape], 'float32');
}
