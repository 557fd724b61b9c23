import * as tf from '@tensorflow/tfjs-core';
import { positiveMask } from './activation.js';
import { differentiable } from './differentiable.js';

/**
 * max(x, 0) + alpha · min(x, 0) with one slope per channel, alpha [c], x [..., c]. Its gradient
 * avoids `where`, which throws on webgpu at rank 5. The caller disposes the result.
 */
export function prelu<T extends tf.Tensor>(x: T, alpha: tf.Tensor1D): T {
  const channels = alpha.shape[0];
  const rows = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [-1, channels]);
  return differentiable(
    [x, alpha],
    (x, alpha) => {
      const flat = rows(x);
      const positive = tf.relu(flat);
      const y = tf.add(positive, tf.mul(tf.sub(flat, positive), rows(alpha)));
      return { value: tf.reshape(y, x.shape), keep: [x, alpha] };
    },
    (dy, kept) => {
      const [x, alpha] = kept as [tf.Tensor, tf.Tensor];
      const flat = rows(x);
      const isPositive = positiveMask(flat);
      const isNegative = tf.sub(1, isPositive);
      const slope = tf.add(isPositive, tf.mul(isNegative, rows(alpha)));
      return [
        tf.reshape(tf.mul(rows(dy), slope), x.shape),
        tf.sum(tf.mul(rows(dy), tf.mul(isNegative, flat)), 0),
      ];
    },
  ) as T;
}
