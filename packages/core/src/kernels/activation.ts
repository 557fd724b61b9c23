/** Activations that are fused with what comes before them. */
export type FusedActivation = 'linear' | 'relu' | 'leakyRelu' | 'elu';

/**
 * What `alpha` is when nothing is said: the slope of leakyRelu below zero (PyTorch's and nnU-Net's 0.01) and elu's alpha. The
 * only place that knows it: layers and back ends take it from here.
 */
export const DEFAULT_ALPHA: Readonly<Record<FusedActivation, number>> = {
  linear: 0,
  relu: 0,
  leakyRelu: 0.01,
  elu: 1,
};
