import { type ReadonlyVec3, sizeOf } from '@genesis/core';
import { GenesisUpsample3d, GenesisUpsample3dGrad } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, runFusedKernel } from './fused-kernel.js';

/** Repeats each voxel of [n, d, h, w, c] size[i] times along axis i. Not differentiable. */
export function repeatVoxels(x: tf.Tensor, size: ReadonlyVec3): tf.Tensor {
  if (hasFusedKernel(GenesisUpsample3d)) return runFusedKernel(GenesisUpsample3d, { x }, { size });
  return tf.tidy(() => {
    const shape = x.shape.slice();
    let y: tf.Tensor = x;
    // Concatenation at rank 3, one axis at a time: `tile` throws on webgpu at rank 5.
    for (let axis = 2; axis >= 0; axis--) {
      const inner = sizeOf(shape.slice(axis + 2));
      const flat = tf.reshape(y, [-1, 1, inner]);
      y = size[axis] === 1 ? flat : tf.concat(new Array<tf.Tensor>(size[axis]).fill(flat), 1);
      shape[axis + 1] *= size[axis];
    }
    return tf.reshape(y, shape);
  });
}

/** Sums windows of `size`, side by side, of [n, d, h, w, c]. Not differentiable. */
export function sumWindows(x: tf.Tensor, size: ReadonlyVec3): tf.Tensor {
  if (hasFusedKernel(GenesisUpsample3dGrad)) {
    return runFusedKernel(GenesisUpsample3dGrad, { dy: x }, { size });
  }
  return tf.tidy(() => {
    const shape = x.shape.slice();
    let y = x;
    for (let axis = 0; axis < 3; axis++) {
      const inner = sizeOf(shape.slice(axis + 2));
      y = tf.sum(tf.reshape(y, [-1, size[axis], inner]), 1);
      shape[axis + 1] = shape[axis + 1] / size[axis];
    }
    return tf.reshape(y, shape);
  });
}
