import * as tf from '@tensorflow/tfjs-core';
import { rows, safeLog } from './probabilities.js';

/** Mean of −t log p − (1 − t) log(1 − p) over all elements, prediction p in [0, 1]: PyTorch's BCELoss. */
export function binaryCrossEntropy(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const [t, p] = rows(target, prediction);
    const positive = tf.mul(t, safeLog(p));
    const negative = tf.mul(tf.sub(1, t), safeLog(tf.sub(1, p)));
    return tf.neg(tf.mean(tf.add(positive, negative))) as tf.Scalar;
  });
}
