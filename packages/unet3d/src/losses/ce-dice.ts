import * as tf from '@tensorflow/tfjs-core';
import { classSums } from './class-sums.js';
import { crossEntropyOf } from './cross-entropy.js';
import { type DiceLossOpts, diceLossOf, samplesOf } from './dice-loss.js';
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
  const weighted = classWeights && weightedCrossEntropy(classWeights);
  return (target, prediction) =>
    tf.tidy(() => {
      const samples = samplesOf(diceOpts, prediction);
      const sums = classSums(target, prediction, { samples, entropy: !weighted });
      const entropy = weighted?.(target, prediction) ?? crossEntropyOf(sums, prediction);
      const dice = diceLossOf(sums, diceOpts);
      return tf.add(tf.mul(entropy, ceWeight), tf.mul(dice, diceWeight)) as tf.Scalar;
    });
}
