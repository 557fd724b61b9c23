import * as tf from '@tensorflow/tfjs-core';

/**
 * y + bias, bias [c] along y's last axis. Done at rank 2: at rank 5 the webgpu engine silently
 * returns garbage for an operand of rank 1.
 */
export function addBias<T extends tf.Tensor>(y: T, bias: tf.Tensor1D): T {
  return tf.tidy(() => {
    const channels = bias.shape[0];
    const sum = tf.add(tf.reshape(y, [-1, channels]), tf.reshape(bias, [1, channels]));
    return tf.reshape(sum, y.shape) as T;
  });
}

/** Sum of dy over all axes but the last: the gradient of a bias. */
export function biasGradient(dy: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.sum(tf.reshape(dy, [-1, dy.shape[dy.rank - 1]]), 0) as tf.Tensor1D);
}
