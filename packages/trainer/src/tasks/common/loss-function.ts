import {
  ceDice,
  crossEntropy,
  diceLoss,
  type Loss,
  meanOverReplicas,
  weightedCrossEntropy,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { TrainerError } from '../../errors.js';

/** Losses by name. */
export type LossName = 'dice' | 'diceCe' | 'crossEntropy';

export interface LossFunctionOpts {
  /** Targets may be all zeros: such voxels do not count. Default false. */
  readonly ignoresVoxels?: boolean;
  /** How much each class counts in the cross-entropy, in the order of the network's outputs. Default: all the same. */
  readonly classWeights?: readonly number[];
}

/** The loss called `name`, for one-hot targets and probabilities. */
export function lossFunction(name: LossName, opts: LossFunctionOpts = {}): Loss {
  const { ignoresVoxels = false, classWeights } = opts;
  if (ignoresVoxels) return ignoringVoxels(name, classWeights);
  switch (name) {
    case 'dice':
      return diceLoss();
    case 'diceCe':
      return ceDice({ classWeights });
    case 'crossEntropy':
      return classWeights ? weightedCrossEntropy(classWeights) : crossEntropy;
  }
}

/**
 * Throws TrainerError 'bad-config' unless there is a weight for each class, and a cross-entropy that takes them.
 *
 * @param classes - Names, in the order of the network's outputs.
 */
export function checkClassWeights(
  weights: readonly number[] | undefined,
  classes: readonly string[],
  loss: LossName,
): void {
  if (weights === undefined) return;
  if (weights.length !== classes.length) {
    throw new TrainerError(
      'bad-config',
      `there are ${weights.length} class weights for ${classes.length} classes: give one for each of ${classes.join(', ')}`,
    );
  }
  if (loss === 'dice') {
    throw new TrainerError(
      'bad-config',
      'the Dice loss counts classes alike whatever their size: class weights are for --loss diceCe or crossEntropy',
    );
  }
}

/** Where a target's vector is all zeros, the prediction counts as zeros too, and a mean over voxels is one over the others. */
function ignoringVoxels(name: LossName, classWeights?: readonly number[]): Loss {
  const dice = diceLoss();
  const weighted = classWeights && weightedCrossEntropy(classWeights);
  return (target, prediction) =>
    tf.tidy(() => {
      const counts = tf.sum(target, -1, true);
      const masked = tf.mul(prediction, counts);
      const share = tf.maximum(meanOverReplicas(counts), 1e-6);
      const entropy = (): tf.Tensor =>
        weighted?.(target, masked) ?? tf.div(crossEntropy(target, masked), share);
      if (name === 'dice') return dice(target, masked);
      const value = name === 'diceCe' ? tf.add(entropy(), dice(target, masked)) : entropy();
      return value as tf.Scalar;
    });
}
