import * as tf from '@tensorflow/tfjs-core';
import { activate, activationGradient } from './activation.js';
import type { FusedActivation } from './normAct.js';

/** An activation as one differentiable step that keeps only its input. The caller disposes the result. */
export function activationOp<T extends tf.Tensor>(
  x: T,
  activation: FusedActivation,
  alpha: number,
): T {
  if (activation === 'linear') return tf.reshape(x, x.shape) as T;
  const op = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    return {
      value: activate(x, activation, alpha),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        activationGradient(dy, saved[0]!, activation, alpha),
    };
  });
  return op(x) as T;
}
