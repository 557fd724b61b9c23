import * as tf from '@tensorflow/tfjs-core';
import { sumOverReplicas } from '../ops/replica-sum.js';
import { type ClassSums, classSums } from './class-sums.js';
import type { Loss } from './loss.js';

/** How {@link diceLoss} sums and averages. */
export interface DiceLossOpts {
  /** Added to numerator and denominator, default 1 (the reference's). */
  smooth?: number;
  /** Leave channel 0 out when there is more than one, default true. */
  ignoreBackground?: boolean;
  /**
   * What one Dice is taken over before averaging: `batch` (default, the reference's: all samples
   * together) or `sample` (MONAI's default).
   */
  reduction?: 'batch' | 'sample';
}

/**
 * 1 − mean over classes of (2 Σ t·p + smooth) / (Σ t + Σ p + smooth), Σ t·p being the intersection. Target and prediction are
 * [n, x, y, z, classes], the target one-hot (or one channel of 0 and 1), the prediction probabilities.
 */
export function diceLoss(opts: DiceLossOpts = {}): Loss {
  return (target, prediction) =>
    tf.tidy(() => {
      const samples = samplesOf(opts, prediction);
      return diceLossOf(classSums(target, prediction, { samples, entropy: false }), opts);
    });
}

/** Into how many samples the batch is cut for a Dice. */
export function samplesOf({ reduction }: DiceLossOpts, prediction: tf.Tensor): number {
  return reduction === 'sample' ? prediction.shape[0] : 1;
}

/** The same from the sums of these samples. */
export function diceLossOf(sums: ClassSums, opts: DiceLossOpts): tf.Scalar {
  const { smooth = 1, ignoreBackground = true, reduction = 'batch' } = opts;
  const view = (t: tf.Tensor): tf.Tensor =>
    ignoreBackground && t.shape[1]! > 1 ? tf.slice(t, [0, 1], [-1, -1]) : t;
  // Over the whole batch, wherever its samples are.
  const whole = reduction === 'batch' ? sumOverReplicas<tf.Tensor> : (sums: tf.Tensor) => sums;
  const intersection = whole(view(sums.overlap()));
  const total = whole(view(tf.add(sums.target(), sums.prediction())));
  const dice = tf.div(tf.add(tf.mul(intersection, 2), smooth), tf.add(total, smooth));
  return tf.sub(1, tf.mean(dice)) as tf.Scalar;
}
