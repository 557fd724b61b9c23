import * as tf from '@tensorflow/tfjs-core';
import { type ClassSums, classSums } from './class-sums.js';

/**
 * Mean over voxels (or samples) of −Σ t log p over the classes on the last axis, target one-hot,
 * prediction after softmax: PyTorch's CrossEntropyLoss of the logits.
 */
export function crossEntropy(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() =>
    crossEntropyOf(classSums(target, prediction, { samples: 1, entropy: true }), prediction),
  );
}

/** The same from sums, over however many samples. */
export function crossEntropyOf(sums: ClassSums, { shape, size }: tf.Tensor): tf.Scalar {
  const voxels = size / shape[shape.length - 1];
  return tf.mul(tf.sum(sums.entropy()), -1 / voxels) as tf.Scalar;
}
