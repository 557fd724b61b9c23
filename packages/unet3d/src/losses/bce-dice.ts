import * as tf from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { type DiceLossOpts, diceLoss } from './dice-loss.js';
import type { Loss } from './loss.js';

/** Weights of the two parts of {@link bceDice}. */
export interface BceDiceOpts extends DiceLossOpts {
  /** Default 0.5, the reference's. */
  bceWeight?: number;
  /** Default 1. */
  diceWeight?: number;
}

/**
 * bceWeight · binary cross-entropy + diceWeight · Dice loss. With the defaults it is the reference's
 * `0.5 · BCE − Dice` plus 1, so that it cannot be negative.
 */
export function bceDice(opts: BceDiceOpts = {}): Loss {
  const { bceWeight = 0.5, diceWeight = 1, ...diceOpts } = opts;
  const dice = diceLoss(diceOpts);
  return (target, prediction) =>
    tf.tidy(
      () =>
        tf.add(
          tf.mul(binaryCrossEntropy(target, prediction), bceWeight),
          tf.mul(dice(target, prediction), diceWeight),
        ) as tf.Scalar,
    );
}
