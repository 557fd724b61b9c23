import * as tf from '@tensorflow/tfjs-core';
import type { WeightGradients } from './optimizer.js';

/**
 * Scales all gradients down together so that their joint L2 norm is at most `maxNorm` (PyTorch's
 * clip_grad_norm_). Replaces the entries of `grads`, disposing the old ones, and returns the norm
 * before clipping, which the caller disposes. Reads nothing back from the engine.
 */
export function clipByGlobalNorm(grads: WeightGradients, maxNorm: number): tf.Scalar {
  const norm = tf.tidy(() => {
    const squares = Object.values(grads).map((g) => tf.sum(tf.square(tf.reshape(g, [-1]))));
    return tf.sqrt(tf.addN(squares)) as tf.Scalar;
  });
  const scale = tf.tidy(() => tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6))));
  replaceEach(grads, (flat) => tf.mul(flat, scale));
  scale.dispose();
  return norm;
}

/**
 * Limits every element of every gradient to [−limit, limit] (PyTorch's clip_grad_value_). Replaces
 * the entries of `grads`, disposing the old ones.
 */
export function clipByValue(grads: WeightGradients, limit: number): void {
  replaceEach(grads, (flat) => tf.maximum(-limit, tf.minimum(limit, flat)));
}

function replaceEach(grads: WeightGradients, f: (flat: tf.Tensor) => tf.Tensor): void {
  for (const [name, grad] of Object.entries(grads)) {
    grads[name] = tf.tidy(() => tf.reshape(f(tf.reshape(grad, [-1])), grad.shape));
    grad.dispose();
  }
}
