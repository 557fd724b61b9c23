import type { Conv3dBiasAttrs } from './conv3d-bias.js';

/**
 * The gradient of a convolution in its input, as the stock kernel `Conv3DBackpropInputV2` gives it. It is shown the input, whose
 * values it does not need: where a back end holds it in the parts that it was concatenated from, it makes the gradient so.
 */
export const GenesisConv3dInputGrad = 'GenesisConv3dInputGrad';

/** float32 tensors. */
export interface Conv3dInputGradInputs<T> {
  /** [n, d', h', w', out] */
  dy: T;
  /** [kd, kh, kw, in, out] */
  filter: T;
  /** [n, d, h, w, in] */
  x: T;
}

/** Those of the convolution. */
export type Conv3dInputGradAttrs = Conv3dBiasAttrs;

/** [n, d, h, w, in] */
export type Conv3dInputGradOutputs<T> = T;
