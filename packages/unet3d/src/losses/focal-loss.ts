import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from './loss.js';
import { rows, safeLog } from './probabilities.js';

/** How {@link focalLoss} weighs voxels. */
export interface FocalLossOpts {
  /** How strongly well-classified voxels are discounted, default 2. */
  gamma?: number;
  /** Weight of the foreground, 1 − alpha being the background's; none by default. */
  alpha?: number;
  /** `sigmoid` (default): each channel is its own yes or no. `softmax`: channels are exclusive classes, the first the background. */
  kind?: 'sigmoid' | 'softmax';
}

/**
 * Focal loss (Lin et al., 2017), mean over all voxels and channels of −α (1 − p_t)^γ log p_t, from
 * probabilities: MONAI's FocalLoss of the logits.
 */
export function focalLoss(opts: FocalLossOpts = {}): Loss {
  const { gamma = 2, alpha, kind = 'sigmoid' } = opts;
  // tf.pow's gradient uses `where`; exp(γ log(1 − p)) does not.
  const term = (t: tf.Tensor, p: tf.Tensor): tf.Tensor =>
    tf.mul(t, tf.mul(tf.exp(tf.mul(safeLog(tf.sub(1, p)), gamma)), safeLog(p)));
  return (target, prediction) =>
    tf.tidy(() => {
      const [t, p] = rows(target, prediction);
      if (kind === 'softmax') {
        const classes = p.shape[1];
        const loss = term(t, p);
        const weights = [1 - (alpha ?? 0), ...new Array<number>(classes - 1).fill(alpha ?? 0)];
        const weighted = alpha === undefined ? loss : tf.mul(loss, tf.tensor2d([weights]));
        return tf.neg(tf.mean(weighted)) as tf.Scalar;
      }
      const positive = tf.mul(term(t, p), alpha ?? 1);
      const negative = tf.mul(
        term(tf.sub(1, t), tf.sub(1, p)),
        alpha === undefined ? 1 : 1 - alpha,
      );
      return tf.neg(tf.mean(tf.add(positive, negative))) as tf.Scalar;
    });
}
