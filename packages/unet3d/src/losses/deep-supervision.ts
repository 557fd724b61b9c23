import * as tf from '@tensorflow/tfjs-core';
import { averagePool3d } from '../ops/average-pool3d.js';
import type { Loss, OutputsLoss } from './loss.js';

/**
 * A loss over outputs of several resolutions (see `deeplySupervised`), the finest first, from one target of the finest:
 * each coarser output is compared with the mean of the target over its voxels and counts half as much as the one before;
 * the weights sum to 1 (Isensee et al., nnU-Net, 2021, with shares of classes where that takes the nearest voxel).
 */
export function deepSupervision(loss: Loss): OutputsLoss {
  return ([target], predictions) =>
    tf.tidy(() => {
      const total = 2 - 2 ** (1 - predictions.length);
      const parts = predictions.map((prediction, n) => {
        const part = loss(likeTarget(target, prediction), prediction);
        return tf.mul(part, 2 ** -n / total);
      });
      return tf.addN(parts) as tf.Scalar;
    });
}

function likeTarget(target: tf.Tensor, { shape }: tf.Tensor): tf.Tensor {
  const size = [1, 2, 3].map((axis) => target.shape[axis] / shape[axis]);
  if (size.every((side) => side === 1)) return target;
  const floats = tf.cast(target, 'float32') as tf.Tensor5D;
  return averagePool3d(floats, [size[0], size[1], size[2]]);
}
