import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { hasKernel, runKernel } from './has-kernel.js';
import { composedNormAct, composedNormActGrad } from './norm-act-composed.js';

/** Activations that are fused with a normalisation. */
export type FusedActivation = 'linear' | 'relu' | 'leakyRelu' | 'elu';

export interface NormActOpts {
  /** What shares a mean and a variance: `batch` (per channel), `instance`, or a number of channel groups. */
  groups: 'batch' | 'instance' | number;
  /** Added to the variance. */
  epsilon: number;
  activation: FusedActivation;
  /** Slope of leakyRelu below zero, or elu's alpha. */
  alpha: number;
  /** Receives mean and 1/√(variance + epsilon) of each forward pass; they are disposed after the call. */
  onStatistics?: (mean: tf.Tensor, invStd: tf.Tensor) => void;
}

/**
 * activation(gamma · (x − mean) / √(variance + epsilon) + beta) for x [n, d, h, w, c], gamma and
 * beta [c], with the biased variance of x itself. Differentiable in x, gamma and beta, as one step
 * that keeps only x between forward and backward. Runs as one kernel on engines that have
 * `GenesisNormAct`, composed elsewhere. The caller disposes the result.
 */
export function normAct(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  opts: NormActOpts,
): tf.Tensor5D {
  const { onStatistics, ...attrs } = opts;
  return differentiable(
    [x, gamma, beta],
    (x, gamma, beta) => {
      const [value, mean, invStd] = (
        hasKernel('GenesisNormAct')
          ? runKernel<tf.Tensor[]>('GenesisNormAct', { x, gamma, beta }, attrs)
          : composedNormAct(x, gamma, beta, attrs)
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      onStatistics?.(mean, invStd);
      return { value, keep: [x, gamma, beta, mean, invStd] };
    },
    (dy, kept) => {
      const [x, gamma, beta, mean, invStd] = kept as [
        tf.Tensor5D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor,
        tf.Tensor,
      ];
      return hasKernel('GenesisNormActGrad')
        ? runKernel<tf.Tensor[]>('GenesisNormActGrad', { dy, x, gamma, beta, mean, invStd }, attrs)
        : composedNormActGrad(dy, x, gamma, beta, mean, invStd, attrs);
    },
  ) as tf.Tensor5D;
}
