import type { NetworkConfig } from './api.js';

/** The network that `pretrain` builds unless told otherwise: the PyTorch reference. */
export const referenceNetwork: NetworkConfig = {
  width: 32,
  levels: 4,
  activation: 'relu',
  norm: 'batch',
  upsampling: 'transposed',
  variant: 'pytorch',
};

/** The Keras reference, for weights that come from it. */
export const kerasNetwork: NetworkConfig = {
  ...referenceNetwork,
  norm: 'batchRunning',
  upsampling: 'repeat',
  variant: 'keras',
};

/** Sides of a network's input must be multiples of this. */
export function sideMultiple(levels: number): number {
  return 2 ** (levels - 1);
}
