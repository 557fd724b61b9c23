import * as tf from '@tensorflow/tfjs-core';

/** Mean over space: x [n, d, h, w, c] → [n, c]. Differentiable. The caller disposes the result. */
export function globalAveragePool3d(x: tf.Tensor5D): tf.Tensor2D {
  return tf.tidy(() => {
    const [n, d, h, w, c] = x.shape;
    return tf.mean(tf.reshape(x, [n, d * h * w, c]), 1) as tf.Tensor2D;
  });
}
