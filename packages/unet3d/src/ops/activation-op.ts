import { DEFAULT_ALPHA, type FusedActivation } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { activate, activationGradient } from './activation.js';
import { differentiable } from './differentiable.js';

/**
 * An activation as one differentiable step that keeps only its input. The caller disposes the result.
 *
 * @param alpha - Slope of leakyRelu below zero, or elu's alpha; default `DEFAULT_ALPHA` of `@genesis/core/kernels`.
 */
export function activationOp<T extends tf.Tensor>(
  x: T,
  activation: FusedActivation,
  alpha: number = DEFAULT_ALPHA[activation],
): T {
  if (activation === 'linear') return tf.reshape(x, x.shape) as T;
  return differentiable(
    [x],
    (x) => ({ value: activate(x, activation, alpha), keep: [x] }),
    (dy, kept) => [activationGradient(dy, kept[0], activation, alpha)],
  ) as T;
}
