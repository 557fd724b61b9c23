import {
  DEFAULT_ALPHA,
  GenesisNormAct,
  GenesisNormActGrad,
  type NormActAttrs,
} from '@genesis/core/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { hasFusedKernel, runFusedKernel } from './fused-kernel.js';
import { composedNormAct, composedNormActGrad } from './norm-act-composed.js';

/** How {@link normAct} normalises and what follows. */
export interface NormActOpts extends NormActAttrs {
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
  const { groups, epsilon, activation, alpha = DEFAULT_ALPHA[activation], onStatistics } = opts;
  const attrs = { groups, epsilon, activation, alpha };
  return differentiable(
    [x, gamma, beta],
    (x, gamma, beta) => {
      const [value, mean, invStd] = hasFusedKernel(GenesisNormAct)
        ? runFusedKernel(GenesisNormAct, { x, gamma, beta }, attrs)
        : composedNormAct(x, gamma, beta, attrs);
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
      return hasFusedKernel(GenesisNormActGrad)
        ? runFusedKernel(GenesisNormActGrad, { dy, x, gamma, beta, mean, invStd }, attrs)
        : composedNormActGrad(dy, x, gamma, beta, mean, invStd, attrs);
    },
  ) as tf.Tensor5D;
}
