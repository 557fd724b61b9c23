import * as tf from '@tensorflow/tfjs-core';
import { sumOverReplicas } from '../ops/replica-sum.js';
import { toFloat } from '../ops/to-float.js';
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
  const { smooth = 1, ignoreBackground = true, reduction = 'batch' } = opts;
  return (target, prediction) =>
    tf.tidy(() => {
      const classes = prediction.shape[prediction.rank - 1];
      const samples = reduction === 'batch' ? 1 : prediction.shape[0];
      const view = (t: tf.Tensor): tf.Tensor => {
        const flat = tf.reshape(toFloat(t), [samples, -1, classes]);
        return ignoreBackground && classes > 1 ? tf.slice(flat, [0, 0, 1], [-1, -1, -1]) : flat;
      };
      const t = view(target);
      const p = view(prediction);
      // Over the whole batch, wherever its samples are.
      const whole = reduction === 'batch' ? sumOverReplicas<tf.Tensor> : (sums: tf.Tensor) => sums;
      const intersection = whole(tf.sum(tf.mul(t, p), 1));
      const total = whole(tf.add(tf.sum(t, 1), tf.sum(p, 1)));
      const dice = tf.div(tf.add(tf.mul(intersection, 2), smooth), tf.add(total, smooth));
      return tf.sub(1, tf.mean(dice)) as tf.Scalar;
    });
}
