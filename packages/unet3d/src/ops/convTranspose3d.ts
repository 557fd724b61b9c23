import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from '../api.js';
import { addBias, biasGradient } from './addBias.js';
import { runKernel } from './hasKernel.js';

/**
 * Transposed convolution without padding: x [n, d, h, w, in], filter [kd, kh, kw, out, in], bias
 * [out] → [n, (d − 1)·s + k, …, out], as torch.nn.ConvTranspose3d. tfjs's own `conv3dTranspose`
 * has no gradient; this one has, in x, filter and bias. The caller disposes the result.
 */
export function convTranspose3d(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor1D,
  strides: Triple,
): tf.Tensor5D {
  const pad = 'valid';
  const [n, d, h, w] = x.shape;
  const [kd, kh, kw, out] = filter.shape;
  const inputShape = [
    n,
    (d - 1) * strides[0] + kd,
    (h - 1) * strides[1] + kh,
    (w - 1) * strides[2] + kw,
    out,
  ];
  const op = tf.customGrad((...args) => {
    const [x, filter, bias, save] = args as unknown as [
      tf.Tensor5D,
      tf.Tensor5D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    save([x, filter]);
    const y = runKernel<tf.Tensor5D>(
      tf.Conv3DBackpropInputV2,
      { dy: x, filter },
      { strides, pad, inputShape },
    );
    return {
      value: addBias(y, bias),
      // The forward pass is a convolution's input gradient, so its own gradients are that
      // convolution itself and its filter gradient with the two roles exchanged.
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, filter] = saved as [tf.Tensor5D, tf.Tensor5D];
        return [
          runKernel<tf.Tensor>(
            tf.Conv3D,
            { x: dy, filter },
            { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] },
          ),
          runKernel<tf.Tensor>(
            tf.Conv3DBackpropFilterV2,
            { x: dy, dy: x },
            { strides, pad, filterShape: filter.shape },
          ),
          biasGradient(dy),
        ];
      },
    };
  });
  return op(x, filter, bias) as tf.Tensor5D;
}
