import * as tf from '@tensorflow/tfjs-core';
import { toFloat } from '../ops/to-float.js';

/** Mean of |prediction − target| over all elements: PyTorch's L1Loss. */
export function meanAbsoluteError(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const difference = tf.sub(tf.reshape(prediction, [-1]), tf.reshape(toFloat(target), [-1]));
    return tf.mean(tf.abs(difference)) as tf.Scalar;
  });
}
