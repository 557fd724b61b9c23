import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from '../api.js';
import { differentiable } from './differentiable.js';
import { runKernel } from './has-kernel.js';

/**
 * Largest voxel of each window of x [n, d, h, w, c], windows of `size` side by side; what does not
 * fill a window is dropped. The caller disposes the result.
 */
export function maxPool3d(x: tf.Tensor5D, size: Triple): tf.Tensor5D {
  const attrs = { filterSize: size, strides: size, pad: 'valid' };
  return differentiable(
    [x],
    (x) => {
      const value = runKernel<tf.Tensor>(tf.MaxPool3D, { x }, { ...attrs, dataFormat: 'NDHWC' });
      return { value, keep: [x, value] };
    },
    (dy, kept) => [
      runKernel<tf.Tensor>(tf.MaxPool3DGrad, { dy, input: kept[0], output: kept[1] }, attrs),
    ],
  ) as tf.Tensor5D;
}
