import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import { GenesisConv3dBias, GenesisConv3dInputGrad } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Padding } from '../api.js';
import { addBias, biasGradient } from './add-bias.js';
import { runBackendKernel } from './backend-kernel.js';
import { differentiable } from './differentiable.js';
import { hasFusedKernel, runFusedKernel } from './fused-kernel.js';
import { padZeros3d } from './pad-zeros3d.js';

/** Steps and padding of {@link conv3d}. */
export interface Conv3dOpts {
  /** Along each spatial axis, default [1, 1, 1]. */
  strides?: ReadonlyVec3;
  /** Where zeros are added, default `same`. */
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
  if (padding !== 'symmetric') return convolve(x, filter, bias, strides, padding);
  const size = filter.shape.slice(0, 3);
  // With stride 1 and odd kernels TensorFlow's "same" is symmetric already.
  if (strides.every((s) => s === 1) && size.every((k) => k % 2 === 1)) {
    return convolve(x, filter, bias, strides, 'same');
  }
  return tf.tidy(() => {
    const halves = size.map((k) => Math.floor((k - 1) / 2)) as Vec3;
    return convolve(padZeros3d(x, halves, halves), filter, bias, strides, 'valid');
  });
}

function convolve(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  strides: ReadonlyVec3,
  pad: 'same' | 'valid',
): tf.Tensor5D {
  const gradients = (dy: tf.Tensor, kept: tf.Tensor[]): tf.Tensor[] => {
    const [x, filter] = kept as [tf.Tensor5D, tf.Tensor5D];
    return [
      hasFusedKernel(GenesisConv3dInputGrad)
        ? runFusedKernel(GenesisConv3dInputGrad, { dy, filter, x }, { strides, pad })
        : runBackendKernel<tf.Tensor>(
            tf.Conv3DBackpropInputV2,
            { dy, filter },
            { strides, pad, inputShape: x.shape },
          ),
      runBackendKernel(
        tf.Conv3DBackpropFilterV2,
        { x, dy },
        { strides, pad, filterShape: filter.shape },
      ),
    ];
  };
  if (!bias) {
    return differentiable(
      [x, filter],
      (x, filter) => ({ value: plain(x, filter, strides, pad), keep: [x, filter] }),
      gradients,
    ) as tf.Tensor5D;
  }
  return differentiable(
    [x, filter, bias],
    (x, filter, bias) => ({
      value: hasFusedKernel(GenesisConv3dBias)
        ? runFusedKernel(GenesisConv3dBias, { x, filter, bias }, { strides, pad })
        : addBias(plain(x, filter, strides, pad), bias),
      keep: [x, filter],
    }),
    (dy, kept) => [...gradients(dy, kept), biasGradient(dy)],
  ) as tf.Tensor5D;
}

function plain(x: tf.Tensor, filter: tf.Tensor, strides: ReadonlyVec3, pad: string): tf.Tensor {
  return runBackendKernel(
    tf.Conv3D,
    { x, filter },
    { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] },
  );
}
