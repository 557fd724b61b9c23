import { type ReadonlyVec3, sizeOf } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The box of `size` at `begin` of x [n, d, h, w, c]. One axis at a time at rank 3: the gradient of a
 * slice is a pad, which the webgpu engine gets wrong at rank 5. The caller disposes the result.
 */
export function crop3d(x: tf.Tensor5D, begin: ReadonlyVec3, size: ReadonlyVec3): tf.Tensor5D {
  return tf.tidy(() => {
    const shape = x.shape.slice();
    let y: tf.Tensor = tf.reshape(x, shape);
    for (let axis = 0; axis < 3; axis++) {
      if (size[axis] === shape[axis + 1]) continue;
      const inner = sizeOf(shape.slice(axis + 2));
      const flat = tf.reshape(y, [-1, shape[axis + 1], inner]);
      shape[axis + 1] = size[axis]!;
      y = tf.reshape(tf.slice(flat, [0, begin[axis], 0], [-1, size[axis], -1]), shape);
    }
    return y as tf.Tensor5D;
  });
}
