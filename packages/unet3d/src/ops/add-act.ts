import { DEFAULT_ALPHA, type FusedActivation } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { activate, activationGradient } from './activation.js';
import { differentiable } from './differentiable.js';

/**
 * activation(a + b) of two tensors of the same shape, the end of a residual block; keeps only the sum
 * between forward and backward. The caller disposes the result.
 *
 * @param alpha - Slope of leakyRelu below zero, or elu's alpha; default `DEFAULT_ALPHA` of `@genesis/core/kernels`.
 */
export function addAct<T extends tf.Tensor>(
  a: T,
  b: T,
  activation: FusedActivation,
  alpha: number = DEFAULT_ALPHA[activation],
): T {
  return differentiable(
    [a, b] as tf.Tensor[],
    (...inputs) => {
      const sum = tf.add(inputs[0], inputs[1]);
      return { value: tf.clone(activate(sum, activation, alpha)), keep: [sum] };
    },
    (dy, kept) => {
      const gradient = activationGradient(dy, kept[0], activation, alpha);
      return [tf.clone(gradient), tf.clone(gradient)];
    },
  ) as T;
}
