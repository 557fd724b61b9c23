import * as tf from '@tensorflow/tfjs-core';
import type { Gradients } from './api.js';

/** Scales all gradients together so that their common norm is at most `limit`; takes them over, gives new ones. */
export function clipGradients(gradients: Gradients, limit: number): Gradients {
  const clipped = tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.minimum(tf.div(limit, tf.maximum(norm, 1e-12)), 1);
    const entries = Object.entries(gradients).map(([name, gradient]) => [
      name,
      tf.mul(gradient, factor),
    ]);
    return Object.fromEntries(entries) as Gradients;
  });
  tf.dispose(gradients);
  return clipped;
}
