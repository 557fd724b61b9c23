import * as tf from '@tensorflow/tfjs-core';

/**
 * A tensor as float32. The webgpu engine's cast from int32 or bool changes only the label and leaves
 * integers in memory, at which transpositions (and so sums over other axes than the last) fail to
 * compile and give garbage; an arithmetic operation converts truly.
 */
export function toFloat(x: tf.Tensor): tf.Tensor {
  return x.dtype === 'float32' ? x : tf.tidy(() => tf.mul(tf.cast(x, 'float32'), 1));
}
