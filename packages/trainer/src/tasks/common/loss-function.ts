import { ceDice, crossEntropy, diceLoss, type Loss, meanOverReplicas } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';

/** Losses by name. */
export type LossName = 'dice' | 'diceCe' | 'crossEntropy';

/**
 * The loss called `name`, for one-hot targets and probabilities.
 *
 * @param ignoresVoxels - Targets may be all zeros: such voxels do not count.
 */
export function lossFunction(name: LossName, ignoresVoxels = false): Loss {
  if (ignoresVoxels) return ignoringVoxels(name);
  switch (name) {
    case 'dice':
      return diceLoss();
    case 'diceCe':
      return ceDice();
    case 'crossEntropy':
      return crossEntropy;
  }
}

/** Where a target's vector is all zeros, the prediction counts as zeros too, and a mean over voxels is one over the others. */
function ignoringVoxels(name: LossName): Loss {
  const dice = diceLoss();
  return (target, prediction) =>
    tf.tidy(() => {
      const counts = tf.sum(target, -1, true);
      const masked = tf.mul(prediction, counts);
      const share = tf.maximum(meanOverReplicas(counts), 1e-6);
      const entropy = (): tf.Tensor => tf.div(crossEntropy(target, masked), share);
      if (name === 'dice') return dice(target, masked);
      const value = name === 'diceCe' ? tf.add(entropy(), dice(target, masked)) : entropy();
      return value as tf.Scalar;
    });
}
