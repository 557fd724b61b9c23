import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from '../api.js';
import { differentiable } from './differentiable.js';
import { hasKernel, runKernel } from './hasKernel.js';

/**
 * Repeats each voxel of x [n, d, h, w, c] size[i] times along axis i: nearest-neighbour
 * up-sampling, Keras's UpSampling3D. Differentiable. The caller disposes the result.
 */
export function upsample3d(x: tf.Tensor5D, size: Triple): tf.Tensor5D {
  const { shape } = x;
  return differentiable(
    [x],
    (x) => ({
      value: hasKernel('GenesisUpsample3d')
        ? runKernel<tf.Tensor>('GenesisUpsample3d', { x }, { size })
        : repeat(x, size),
      keep: [],
    }),
    (dy) => [
      hasKernel('GenesisUpsample3dGrad')
        ? runKernel<tf.Tensor>('GenesisUpsample3dGrad', { dy }, { size })
        : sumRepeats(dy, shape, size),
    ],
  ) as tf.Tensor5D;
}

/** Concatenation at rank 3, one axis at a time: `tile` throws on webgpu at rank 5. */
function repeat(x: tf.Tensor, size: Triple): tf.Tensor {
  const shape = x.shape.slice();
  let y: tf.Tensor = x;
  for (let axis = 2; axis >= 0; axis--) {
    const inner = shape.slice(axis + 2).reduce((a, b) => a * b, 1);
    const flat = tf.reshape(y, [-1, 1, inner]);
    y = size[axis] === 1 ? flat : tf.concat(new Array<tf.Tensor>(size[axis]!).fill(flat), 1);
    shape[axis + 1]! *= size[axis]!;
  }
  return tf.reshape(y, shape);
}

function sumRepeats(dy: tf.Tensor, shape: number[], size: Triple): tf.Tensor {
  const current = dy.shape.slice();
  let y = dy;
  for (let axis = 0; axis < 3; axis++) {
    const inner = current.slice(axis + 2).reduce((a, b) => a * b, 1);
    y = tf.sum(tf.reshape(y, [-1, size[axis]!, inner]), 1);
    current[axis + 1] = shape[axis + 1]!;
  }
  return tf.reshape(y, shape);
}
