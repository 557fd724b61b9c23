import { GenesisClassSums, GenesisClassSumsGrad } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../ops/differentiable.js';
import { hasFusedKernel, runFusedKernel } from '../ops/fused-kernel.js';
import { toFloat } from '../ops/to-float.js';
import { safeLog } from './probabilities.js';

/** Sums over the voxels of each sample, [samples, classes], differentiable in the prediction. What is not asked for costs nothing. */
export interface ClassSums {
  /** Σ t·log p, see `safeLog`; only where it was asked for. */
  entropy(): tf.Tensor;
  /** Σ t·p */
  overlap(): tf.Tensor;
  /** Σ t */
  target(): tf.Tensor;
  /** Σ p */
  prediction(): tf.Tensor;
}

/** How {@link classSums} sums. */
export interface ClassSumsOpts {
  /** Parts that the first axis is cut into; 1 sums over the batch. */
  samples: number;
  /** Whether {@link ClassSums.entropy} is wanted. */
  entropy: boolean;
}

/**
 * What losses of segmentations need of target t and prediction p, [n, …, classes]. In one pass each way on engines that have
 * `GenesisClassSums`, composed elsewhere. To be called within a tidy.
 */
export function classSums(
  target: tf.Tensor,
  prediction: tf.Tensor,
  { samples, entropy }: ClassSumsOpts,
): ClassSums {
  const shape = [samples, -1, prediction.shape[prediction.rank - 1]];
  const t = tf.reshape(toFloat(target), shape);
  const p = tf.reshape(prediction, shape);
  if (!hasFusedKernel(GenesisClassSums)) {
    return {
      entropy: () => tf.sum(tf.mul(t, safeLog(p)), 1),
      overlap: () => tf.sum(tf.mul(t, p), 1),
      target: () => tf.sum(t, 1),
      prediction: () => tf.sum(p, 1),
    };
  }
  const sums = differentiable(
    [p],
    (prediction) => ({
      value: runFusedKernel(GenesisClassSums, { target: t, prediction }, { entropy }),
      keep: [t, prediction],
    }),
    (dsums, [target, prediction]) => [
      runFusedKernel(GenesisClassSumsGrad, { dsums, target, prediction }, { entropy }),
    ],
  );
  const row = (n: number): tf.Tensor =>
    tf.reshape(tf.slice(sums, [0, n, 0], [-1, 1, -1]), [samples, -1]);
  return {
    entropy: () => row(0),
    overlap: () => row(1),
    target: () => row(2),
    prediction: () => row(3),
  };
}
