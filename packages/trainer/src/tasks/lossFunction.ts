import { diceLoss, type Loss } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';

const crossEntropy: Loss = (target, prediction) =>
  tf.tidy(
    () =>
      tf.neg(tf.mean(tf.sum(tf.mul(target, tf.log(tf.add(prediction, 1e-7))), -1))) as tf.Scalar,
  );

/** The loss called `name`, for one-hot targets and probabilities. */
export function lossFunction(name: 'dice' | 'diceCe' | 'crossEntropy'): Loss {
  const dice = diceLoss();
  switch (name) {
    case 'dice':
      return dice;
    case 'diceCe':
      return (target, prediction) =>
        tf.add(dice(target, prediction), crossEntropy(target, prediction));
    case 'crossEntropy':
      return crossEntropy;
  }
}
