import type { ReadonlyVec3 } from '@genesis/core';
import { GenesisConvTranspose3dBias } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { addBias, biasGradient } from './add-bias.js';
import { runBackendKernel } from './backend-kernel.js';
import { differentiable } from './differentiable.js';
import { hasFusedKernel, runFusedKernel } from './fused-kernel.js';

/**
 * Transposed convolution without padding: x [n, d, h, w, in], filter [kd, kh, kw, out, in], bias
 * [out] (or null) → [n, (d − 1)·s + k, …, out], as torch.nn.ConvTranspose3d. tfjs's own
 * `conv3dTranspose` has no gradient; this one has, in x, filter and bias. The caller disposes the
 * result.
 */
export function convTranspose3d(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor1D | null,
  strides: ReadonlyVec3,
): tf.Tensor5D {
  const pad = 'valid';
  const forward = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor => {
    const spatial = [0, 1, 2].map((i) => (x.shape[i + 1] - 1) * strides[i] + filter.shape[i]);
    const inputShape = [x.shape[0], ...spatial, filter.shape[3]!];
    return runBackendKernel(
      tf.Conv3DBackpropInputV2,
      { dy: x, filter },
      { strides, pad, inputShape },
    );
  };
  // The forward pass is a convolution's input gradient, so its own gradients are that convolution
  // itself and its filter gradient with the two roles exchanged.
  const backward = (dy: tf.Tensor, kept: tf.Tensor[]): tf.Tensor[] => {
    const [x, filter] = kept as [tf.Tensor, tf.Tensor];
    const attrs = { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] };
    return [
      runBackendKernel(tf.Conv3D, { x: dy, filter }, attrs),
      runBackendKernel(
        tf.Conv3DBackpropFilterV2,
        { x: dy, dy: x },
        { strides, pad, filterShape: filter.shape },
      ),
    ];
  };
  if (!bias) {
    return differentiable(
      [x, filter],
      (x, filter) => ({ value: forward(x, filter), keep: [x, filter] }),
      backward,
    ) as tf.Tensor5D;
  }
  return differentiable(
    [x, filter, bias],
    (x, filter, bias) => ({
      value: hasFusedKernel(GenesisConvTranspose3dBias)
        ? runFusedKernel(GenesisConvTranspose3dBias, { x, filter, bias }, { strides })
        : addBias(forward(x, filter), bias),
      keep: [x, filter],
    }),
    (dy, kept) => [...backward(dy, kept), biasGradient(dy)],
  ) as tf.Tensor5D;
}
