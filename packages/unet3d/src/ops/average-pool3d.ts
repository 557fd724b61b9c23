import type { ReadonlyVec3 } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { repeatVoxels, sumWindows } from './windows.js';

/**
 * Mean of each window of x [n, d, h, w, c], windows of `size` side by side; the spatial sizes must be
 * divisible. Differentiable. The caller disposes the result.
 */
export function averagePool3d(x: tf.Tensor5D, size: ReadonlyVec3): tf.Tensor5D {
  const scale = 1 / (size[0] * size[1] * size[2]);
  return differentiable(
    [x],
    (x) => ({ value: tf.mul(sumWindows(x, size), scale), keep: [] }),
    (dy) => [repeatVoxels(tf.mul(dy, scale), size)],
  ) as tf.Tensor5D;
}
