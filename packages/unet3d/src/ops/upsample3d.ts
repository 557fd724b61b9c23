import type { ReadonlyVec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { repeatVoxels, sumWindows } from './windows.js';

/**
 * Repeats each voxel of x [n, d, h, w, c] size[i] times along axis i: nearest-neighbour
 * up-sampling, Keras's UpSampling3D. Differentiable. The caller disposes the result.
 */
export function upsample3d(x: tf.Tensor5D, size: ReadonlyVec3): tf.Tensor5D {
  return differentiable(
    [x],
    (x) => ({ value: repeatVoxels(x, size), keep: [] }),
    (dy) => [sumWindows(dy, size)],
  ) as tf.Tensor5D;
}
