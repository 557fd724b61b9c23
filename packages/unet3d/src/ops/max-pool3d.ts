import type { Vec3 } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import { runBackendKernel } from './backend-kernel.js';
import { differentiable } from './differentiable.js';

/**
 * Largest voxel of each window of x [n, d, h, w, c], windows of `size` side by side; what does not
 * fill a window is dropped. The caller disposes the result.
 */
export function maxPool3d(x: tf.Tensor5D, size: Vec3): tf.Tensor5D {
  const attrs = { filterSize: size, strides: size, pad: 'valid' };
  return differentiable(
    [x],
    (x) => {
      const value = runBackendKernel<tf.Tensor>(
        tf.MaxPool3D,
        { x },
        { ...attrs, dataFormat: 'NDHWC' },
      );
      return { value, keep: [x, value] };
    },
    (dy, kept) => [
      runBackendKernel<tf.Tensor>(tf.MaxPool3DGrad, { dy, input: kept[0], output: kept[1] }, attrs),
    ],
  ) as tf.Tensor5D;
}
