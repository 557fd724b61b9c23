import * as tf from '@tensorflow/tfjs-core';
import { rows, safeLog } from './probabilities.js';

/**
 * Mean over voxels (or samples) of −Σ t log p over the classes on the last axis, target one-hot,
 * prediction after softmax: PyTorch's CrossEntropyLoss of the logits.
 */
export function crossEntropy(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const [t, p] = rows(target, prediction);
    return tf.neg(tf.mean(tf.sum(tf.mul(t, safeLog(p)), 1))) as tf.Scalar;
  });
}
