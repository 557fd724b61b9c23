import * as tf from '@tensorflow/tfjs-core';
import type { Padding, Triple } from '../api.js';
import { addBias, biasGradient } from './addBias.js';
import { hasKernel, runKernel } from './hasKernel.js';
import { padZeros3d } from './padZeros3d.js';

export interface Conv3dOpts {
  /** Default [1, 1, 1]. */
  strides?: Triple;
  /** Default `same`. */
  padding?: Padding;
}

/**
 * Convolution of x [n, d, h, w, in] with a filter [kd, kh, kw, in, out] and a bias [out] (or null),
 * differentiable in all three on every engine. Returns [n, d', h', w', out]; the caller disposes it.
 */
export function conv3d(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  opts: Conv3dOpts = {},
): tf.Tensor5D {
  const { strides = [1, 1, 1], padding = 'same' } = opts;
  if (padding === 'symmetric') {
    const [kd, kh, kw] = filter.shape;
    // With stride 1 and odd kernels TensorFlow's "same" is symmetric already.
    if (strides.every((s) => s === 1) && [kd, kh, kw].every((k) => k % 2 === 1)) {
      return convolve(x, filter, bias, strides, 'same');
    }
    return tf.tidy(() => {
      const halves = [kd, kh, kw].map((k) => Math.floor((k - 1) / 2)) as Triple;
      return convolve(padZeros3d(x, halves, halves), filter, bias, strides, 'valid');
    });
  }
  return convolve(x, filter, bias, strides, padding);
}

function convolve(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  strides: Triple,
  pad: 'same' | 'valid',
): tf.Tensor5D {
  const forward = (x: tf.Tensor5D, filter: tf.Tensor5D, bias: tf.Tensor1D | null): tf.Tensor5D => {
    if (bias && hasKernel('GenesisConv3dBias')) {
      return runKernel('GenesisConv3dBias', { x, filter, bias }, { strides, pad });
    }
    const y = runKernel<tf.Tensor5D>(
      tf.Conv3D,
      { x, filter },
      {
        strides,
        pad,
        dataFormat: 'NDHWC',
        dilations: [1, 1, 1],
      },
    );
    return bias ? addBias(y, bias) : y;
  };
  const backward = (
    dy: tf.Tensor5D,
    x: tf.Tensor5D,
    filter: tf.Tensor5D,
  ): [tf.Tensor, tf.Tensor] => [
    runKernel(tf.Conv3DBackpropInputV2, { dy, filter }, { strides, pad, inputShape: x.shape }),
    runKernel(tf.Conv3DBackpropFilterV2, { x, dy }, { strides, pad, filterShape: filter.shape }),
  ];
  if (bias) {
    const op = tf.customGrad((...args) => {
      const [x, filter, bias, save] = args as unknown as [
        tf.Tensor5D,
        tf.Tensor5D,
        tf.Tensor1D,
        tf.GradSaveFunc,
      ];
      save([x, filter]);
      return {
        value: forward(x, filter, bias),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
          ...backward(dy as tf.Tensor5D, saved[0] as tf.Tensor5D, saved[1] as tf.Tensor5D),
          biasGradient(dy),
        ],
      };
    });
    return op(x, filter, bias) as tf.Tensor5D;
  }
  const op = tf.customGrad((...args) => {
    const [x, filter, save] = args as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    return {
      value: forward(x, filter, null),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backward(dy as tf.Tensor5D, saved[0] as tf.Tensor5D, saved[1] as tf.Tensor5D),
    };
  });
  return op(x, filter) as tf.Tensor5D;
}
