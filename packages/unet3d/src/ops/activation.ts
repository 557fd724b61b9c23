import type { FusedActivation } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { toFloat } from './to-float.js';

/** The activation's value. Uses only kernels that every engine has right at any rank. */
export function activate(z: tf.Tensor, activation: FusedActivation, alpha: number): tf.Tensor {
  if (activation === 'linear') return z;
  return tf.tidy(() => {
    const positive = tf.relu(z);
    if (activation === 'relu') return positive;
    const negative = tf.sub(z, positive);
    return activation === 'leakyRelu'
      ? tf.add(positive, tf.mul(negative, alpha))
      : tf.add(positive, tf.mul(tf.expm1(negative), alpha));
  });
}

/**
 * dy · activation'(z), without `where`, whose gradient path throws on webgpu. At z = 0 the slope
 * is that of the negative side, as in PyTorch.
 */
export function activationGradient(
  dy: tf.Tensor,
  z: tf.Tensor,
  activation: FusedActivation,
  alpha: number,
): tf.Tensor {
  if (activation === 'linear') return dy;
  return tf.tidy(() => {
    const isPositive = positiveMask(z);
    if (activation === 'relu') return tf.mul(dy, isPositive);
    const isNegative = tf.sub(1, isPositive);
    const negativeSlope =
      activation === 'leakyRelu'
        ? tf.mul(isNegative, alpha)
        : tf.mul(isNegative, tf.mul(tf.exp(tf.sub(z, tf.relu(z))), alpha));
    return tf.mul(dy, tf.add(isPositive, negativeSlope));
  });
}

/** 1 where z > 0, else 0, float32. */
export function positiveMask(z: tf.Tensor): tf.Tensor {
  return tf.tidy(() => toFloat(tf.greater(z, tf.scalar(0))));
}
