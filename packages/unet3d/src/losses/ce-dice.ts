import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './cross-entropy.js';
import { type DiceLossOpts, diceLoss } from './dice-loss.js';
import type { Loss } from './loss.js';
import { weightedCrossEntropy } from './weighted-cross-entropy.js';

/** Weights of the two parts of {@link ceDice}. */
export interface CeDiceOpts extends DiceLossOpts {
  /** Default 1. */
  ceWeight?: number;
  /** Default 1. */
  diceWeight?: number;
  /** How much the voxels of each class count in the cross-entropy; default: all the same. */
  classWeights?: readonly number[];
}

/**
 * ceWeight · cross-entropy (over all classes) + diceWeight · Dice loss, the loss of nnU-Net and
 * MONAI's DiceCELoss. Target one-hot, prediction after softmax.
 */
export function ceDice(opts: CeDiceOpts = {}): Loss {
  const { ceWeight = 1, diceWeight = 1, classWeights, ...diceOpts } = opts;
  const entropy = classWeights ? weightedCrossEntropy(classWeights) : crossEntropy;
  const dice = diceLoss(diceOpts);
  return (target, prediction) =>
    tf.tidy(
      () =>
        tf.add(
          tf.mul(entropy(target, prediction), ceWeight),
          tf.mul(dice(target, prediction), diceWeight),
        ) as tf.Scalar,
    );
}
