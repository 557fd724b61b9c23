import type { ReadonlyVec3 } from '../arrays/types.js';

/**
 * A convolution and its bias in one pass: y = conv3d(x, filter) + bias. Its gradients are those of the stock kernels
 * `Conv3DBackpropInputV2` and `Conv3DBackpropFilterV2`, and the sum of dy over all axes but the last.
 */
export const GenesisConv3dBias = 'GenesisConv3dBias';

/** float32 tensors; a back end is free to refuse others. */
export interface Conv3dBiasInputs<T> {
  /** [n, d, h, w, in] */
  x: T;
  /** [kd, kh, kw, in, out] */
  filter: T;
  /** [out] */
  bias: T;
}

/** As `Conv3DAttrs` of TensorFlow.js, without dilation, channels last. */
export interface Conv3dBiasAttrs {
  /** Along each spatial axis. */
  strides: ReadonlyVec3;
  /** As TensorFlow's: zeros so that each window position counts, or none. */
  pad: 'same' | 'valid';
}

/** [n, d', h', w', out] */
export type Conv3dBiasOutputs<T> = T;
