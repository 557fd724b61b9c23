import type { Preparation } from '../preprocessing/prepare-volume.js';

export type RunKind = 'pretrain' | 'segmentation' | 'classification';

/** What decides the shape of a network, apart from its input and its last layer. */
export interface NetworkConfig {
  readonly width: number;
  readonly levels: number;
  readonly activation: 'relu' | 'leakyRelu' | 'elu';
  readonly norm: 'batch' | 'batchRunning' | 'instance' | 'group';
  readonly upsampling: 'transposed' | 'repeat';
  /** Which reference the small constants come from: epsilon, momentum, how kernels start. */
  readonly variant: 'pytorch' | 'keras';
}

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

/** A class of a segmentation (its value in the label volumes) or of a classification (its text in the table). */
export interface ClassInfo {
  readonly value: number | string;
  readonly name: string;
}

/** Everything that is needed to use weights; it stands in their file. */
export interface ModelInfo {
  readonly kind: RunKind;
  readonly network: NetworkConfig;
  /** Sides of the input in voxels. */
  readonly crop: readonly [number, number, number];
  readonly preparation: Preparation;
  /** In the order of the network's outputs; empty for pre-training. */
  readonly classes: readonly ClassInfo[];
  /** Classification: how volumes of other sizes are brought to `crop`. */
  readonly fit?: 'center' | 'resize';
}

/** Sides of a network's input must be multiples of this. */
export function sideMultiple(levels: number): number {
  return 2 ** (levels - 1);
}
