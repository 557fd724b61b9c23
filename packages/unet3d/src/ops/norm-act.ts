import { DEFAULT_ALPHA, type NormActAttrs } from '@genesis/core/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { normSum } from './replica-sum.js';
import { runNormAct, runNormActGrad } from './run-norm-act.js';
import { syncNormAct, syncNormActGrad } from './sync-norm-act.js';

/** How {@link normAct} normalises and what follows. */
export interface NormActOpts extends NormActAttrs {
  /**
   * Receives mean and 1/√(variance + epsilon) of each forward pass, which are disposed after the call, and the number of voxels
   * that each was taken over.
   */
  onStatistics?: (mean: tf.Tensor, invStd: tf.Tensor, voxels: number) => void;
}

/**
 * activation(gamma · (x − mean) / √(variance + epsilon) + beta) for x [n, d, h, w, c], gamma and
 * beta [c], with the biased variance of x itself. Differentiable in x, gamma and beta, as one step
 * that keeps only x between forward and backward. Runs as one kernel on engines that have
 * `GenesisNormAct`, composed elsewhere. Where processes train together, batch statistics may be those of all (see
 * `withReplicas`). The caller disposes the result.
 */
export function normAct(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  opts: NormActOpts,
): tf.Tensor5D {
  const { groups, epsilon, activation, alpha = DEFAULT_ALPHA[activation], onStatistics } = opts;
  const attrs = { groups, epsilon, activation, alpha };
  const sum = groups === 'batch' ? normSum() : undefined;
  let voxels =
    x.size /
    (groups === 'batch' ? 1 : x.shape[0]) /
    (typeof groups === 'number' ? groups : x.shape[4]);
  return differentiable(
    [x, gamma, beta],
    (x, gamma, beta) => {
      const synced = sum && syncNormAct(x, gamma, beta, attrs, sum);
      if (synced) voxels = synced.voxels;
      const [value, mean, invStd] = synced?.outputs ?? runNormAct(x, gamma, beta, attrs);
      onStatistics?.(mean, invStd, voxels);
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
      return sum
        ? syncNormActGrad(dy, x, gamma, beta, mean, invStd, attrs, sum, voxels)
        : runNormActGrad(dy, x, gamma, beta, mean, invStd, attrs);
    },
  ) as tf.Tensor5D;
}
