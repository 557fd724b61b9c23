import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '../errors.js';
import { conv3d } from '../ops/conv3d.js';
import { toFloat } from '../ops/to-float.js';
import type { Loss } from './loss.js';

/** Window and constants of {@link ssim3d}. */
export interface Ssim3dOpts {
  /** Side of the Gaussian window, odd, not larger than the volume; default 11. */
  windowSize?: number;
  /** Standard deviation of the window in voxels, default 1.5. */
  sigma?: number;
  /** Largest minus smallest possible value, default 1. */
  dataRange?: number;
  /** Stability constant of the luminance, default 0.01. */
  k1?: number;
  /** Stability constant of the contrast, default 0.03. */
  k2?: number;
}

/**
 * 1 − mean structural similarity (Wang et al., 2004) of two volumes [n, d, h, w, c] in a Gaussian
 * window, positions where the window fits: MONAI's SSIMLoss with three spatial dimensions.
 */
export function ssim3d(opts: Ssim3dOpts = {}): Loss {
  const { windowSize = 11, sigma = 1.5, dataRange = 1, k1 = 0.01, k2 = 0.03 } = opts;
  const c1 = (k1 * dataRange) ** 2;
  const c2 = (k2 * dataRange) ** 2;
  const weights = gaussian(windowSize, sigma);
  return (target, prediction) =>
    tf.tidy(() => {
      const [n, d, h, w, c] = prediction.shape as [number, number, number, number, number];
      if (Math.min(d, h, w) < windowSize) {
        throw new OptionError(
          'windowSize',
          `The SSIM window of ${windowSize} does not fit in a volume of ${d}×${h}×${w}.`,
        );
      }
      // Channels become samples: the window does not mix them.
      const single = (t: tf.Tensor): tf.Tensor5D =>
        tf.reshape(c === 1 ? t : tf.transpose(tf.reshape(t, [n, d * h * w, c]), [0, 2, 1]), [
          n * c,
          d,
          h,
          w,
          1,
        ]);
      const x = single(prediction);
      const y = single(toFloat(target));
      const all = tf.concat([x, y, tf.mul(x, x), tf.mul(y, y), tf.mul(x, y)], 0) as tf.Tensor5D;
      const [mx, my, mxx, myy, mxy] = tf.split(tf.reshape(blur(all, weights), [5, -1]), 5, 0) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const squareX = tf.mul(mx, mx);
      const squareY = tf.mul(my, my);
      const product = tf.mul(mx, my);
      const covariance = tf.sub(mxy, product);
      const variances = tf.sub(tf.add(mxx, myy), tf.add(squareX, squareY));
      const contrast = tf.div(tf.add(tf.mul(covariance, 2), c2), tf.add(variances, c2));
      const luminance = tf.div(
        tf.add(tf.mul(product, 2), c1),
        tf.add(tf.add(squareX, squareY), c1),
      );
      return tf.sub(1, tf.mean(tf.mul(luminance, contrast))) as tf.Scalar;
    });
}

/** Separable convolution with the window along each axis, where it fits. */
function blur(x: tf.Tensor5D, weights: number[]): tf.Tensor5D {
  const size = weights.length;
  return [0, 1, 2].reduce<tf.Tensor5D>((y, axis) => {
    const shape: [number, number, number, number, number] = [1, 1, 1, 1, 1];
    shape[axis] = size;
    return conv3d(y, tf.tensor5d(weights, shape), null, { padding: 'valid' });
  }, x);
}

function gaussian(size: number, sigma: number): number[] {
  const weights = Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
