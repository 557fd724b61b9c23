import * as tf from '@tensorflow/tfjs-core';
import { positiveMask } from './activation.js';

/**
 * max(x, 0) + alpha · min(x, 0) with one slope per channel, alpha [c], x [..., c]. Its gradient
 * avoids `where`, which throws on webgpu at rank 5. The caller disposes the result.
 */
export function prelu<T extends tf.Tensor>(x: T, alpha: tf.Tensor1D): T {
  const channels = alpha.shape[0];
  const op = tf.customGrad((...args) => {
    const [x, alpha, save] = args as unknown as [tf.Tensor, tf.Tensor1D, tf.GradSaveFunc];
    save([x, alpha]);
    const flat = tf.reshape(x, [-1, channels]);
    const positive = tf.relu(flat);
    const y = tf.add(positive, tf.mul(tf.sub(flat, positive), tf.reshape(alpha, [1, channels])));
    return {
      value: tf.reshape(y, x.shape),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, alpha] = saved as [tf.Tensor, tf.Tensor1D];
        const flat = tf.reshape(x, [-1, channels]);
        const dyFlat = tf.reshape(dy, [-1, channels]);
        const mask = positiveMask(flat);
        const negative = tf.sub(1, mask);
        const slope = tf.add(mask, tf.mul(negative, tf.reshape(alpha, [1, channels])));
        const dx = tf.reshape(tf.mul(dyFlat, slope), x.shape);
        return [dx, tf.sum(tf.mul(dyFlat, tf.mul(negative, flat)), 0)];
      },
    };
  });
  return op(x, alpha) as T;
}
