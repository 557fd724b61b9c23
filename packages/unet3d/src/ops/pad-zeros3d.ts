import { type ReadonlyVec3, sizeOf } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Adds zeros before and after each spatial axis of x [n, d, h, w, c]. One axis at a time at rank 3,
 * since the webgpu engine pads wrongly at rank 5. Differentiable. The caller disposes the result.
 */
export function padZeros3d(x: tf.Tensor5D, before: ReadonlyVec3, after: ReadonlyVec3): tf.Tensor5D {
  return tf.tidy(() => {
    let y: tf.Tensor = tf.reshape(x, x.shape);
    for (let axis = 0; axis < 3; axis++) {
      if (before[axis] === 0 && after[axis] === 0) continue;
      const shape = y.shape.slice();
      const outer = sizeOf(shape.slice(0, axis + 1));
      const inner = sizeOf(shape.slice(axis + 2));
      const flat = tf.reshape(y, [outer, shape[axis + 1], inner]);
      const padded = tf.pad(flat, [
        [0, 0],
        [before[axis], after[axis]],
        [0, 0],
      ]);
      shape[axis + 1] = padded.shape[1]!;
      y = tf.reshape(padded, shape);
    }
    return y as tf.Tensor5D;
  });
}
