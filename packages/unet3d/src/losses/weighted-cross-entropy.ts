import * as tf from '@tensorflow/tfjs-core';
import { meanOverReplicas } from '../ops/replica-sum.js';
import type { Loss } from './loss.js';
import { rows, safeLog } from './probabilities.js';

/**
 * Cross-entropy in which each voxel (or sample) counts as much as its class: −Σ w t log p over Σ w t, over classes and voxels.
 * Target one-hot, prediction after softmax: PyTorch's CrossEntropyLoss of the logits with `weight`. Voxels whose target
 * is all zeros do not count.
 *
 * @param weights - Of the classes, in the order of the last axis; none negative.
 */
export function weightedCrossEntropy(weights: readonly number[]): Loss {
  return (target, prediction) =>
    tf.tidy(() => {
      const [t, p] = rows(target, prediction);
      const weighted = tf.mul(t, tf.tensor2d([[...weights]]));
      const entropies = tf.sum(tf.mul(weighted, safeLog(p)), 1);
      const weight = tf.maximum(meanOverReplicas(tf.sum(weighted, 1)), 1e-6);
      return tf.neg(tf.div(tf.mean(entropies), weight)) as tf.Scalar;
    });
}
