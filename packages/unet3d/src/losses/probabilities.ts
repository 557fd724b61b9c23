import * as tf from '@tensorflow/tfjs-core';
import { toFloat } from '../ops/to-float.js';

/** Distance that probabilities keep from 0 before a logarithm. */
const EPSILON = 1e-7;

/**
 * log of a probability, moved away from 0 by 1e-7 linearly instead of by clipping, so that the
 * gradient never vanishes (and no `where` is needed, which throws on webgpu).
 */
export function safeLog(p: tf.Tensor): tf.Tensor {
  return tf.log(tf.add(tf.mul(p, 1 - 2 * EPSILON), EPSILON));
}

/** Target and prediction as float32 rows [voxels, classes]. */
export function rows(target: tf.Tensor, prediction: tf.Tensor): [tf.Tensor2D, tf.Tensor2D] {
  const classes = prediction.shape[prediction.rank - 1];
  return [tf.reshape(toFloat(target), [-1, classes]), tf.reshape(prediction, [-1, classes])];
}
