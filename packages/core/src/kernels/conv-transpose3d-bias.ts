import type { ReadonlyVec3 } from '../arrays/types.js';

/**
 * A transposed convolution without padding and its bias in one pass: [n, (d − 1)·s + k, …, out]. Its gradients are those of the
 * stock kernels `Conv3D` and `Conv3DBackpropFilterV2`, and the sum of dy over all axes but the last.
 */
export const GenesisConvTranspose3dBias = 'GenesisConvTranspose3dBias';

/** float32 tensors. */
export interface ConvTranspose3dBiasInputs<T> {
  /** [n, d, h, w, in] */
  x: T;
  /** [kd, kh, kw, out, in] */
  filter: T;
  /** [out] */
  bias: T;
}

/** Steps. */
export interface ConvTranspose3dBiasAttrs {
  /** Along each spatial axis. */
  strides: ReadonlyVec3;
}

/** [n, d', h', w', out] */
export type ConvTranspose3dBiasOutputs<T> = T;
