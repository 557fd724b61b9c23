import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';

/**
 * Joins a [n, d, h, w, c1] and b [n, d, h, w, c2] to [n, d, h, w, c1 + c2]. Unlike `tf.concat` it keeps
 * nothing for the backward pass. The caller disposes the result.
 */
export function concatChannels(a: tf.Tensor5D, b: tf.Tensor5D): tf.Tensor5D {
  const [shapeA, shapeB] = [a.shape, b.shape];
  const [channelsA, channelsB] = [shapeA[4], shapeB[4]];
  return differentiable(
    [a, b],
    (a, b) => ({ value: tf.concat([a, b], 4), keep: [] }),
    (dy) => {
      const rows = tf.reshape(dy, [-1, channelsA + channelsB]);
      return [
        tf.reshape(tf.slice(rows, [0, 0], [-1, channelsA]), shapeA),
        tf.reshape(tf.slice(rows, [0, channelsA], [-1, channelsB]), shapeB),
      ];
    },
  ) as tf.Tensor5D;
}
