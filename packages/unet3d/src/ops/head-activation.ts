import { GenesisSoftmaxGrad } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { HeadActivation } from '../api.js';
import { differentiable } from './differentiable.js';
import { hasFusedKernel, runFusedKernel } from './fused-kernel.js';

/** Sigmoid, softmax over the last axis, or nothing. The caller disposes the result. */
export function headActivation<T extends tf.Tensor>(x: T, activation: HeadActivation): T {
  if (activation === 'linear') return tf.reshape(x, x.shape) as T;
  if (activation === 'sigmoid') return tf.sigmoid(x) as T;
  return tf.tidy(
    // Rank 2, because the webgpu engine does not broadcast at rank 5.
    () => tf.reshape(softmaxOfRows(tf.reshape(x, [-1, x.shape[x.rank - 1]])), x.shape) as T,
  );
}

/** Softmax of [rows, classes]; its gradient is one kernel on engines that have `GenesisSoftmaxGrad`. */
function softmaxOfRows(x: tf.Tensor): tf.Tensor {
  if (!hasFusedKernel(GenesisSoftmaxGrad)) return tf.softmax(x);
  return differentiable(
    [x],
    (x) => {
      const value = tf.softmax(x);
      return { value, keep: [value] };
    },
    (dy, [y]) => [runFusedKernel(GenesisSoftmaxGrad, { dy, y }, {})],
  );
}
