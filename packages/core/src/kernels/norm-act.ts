import type { FusedActivation } from './activation.js';

/**
 * Normalisation and activation in one pass:
 * y = activation(gamma · (x − mean) / √(variance + epsilon) + beta), with mean and biased variance of x itself.
 */
export const GenesisNormAct = 'GenesisNormAct';

/** The gradients of {@link GenesisNormAct}, which computes again what it did not keep. */
export const GenesisNormActGrad = 'GenesisNormActGrad';

/** float32 tensors. */
export interface NormActInputs<T> {
  /** [n, d, h, w, c] */
  x: T;
  /** [c] */
  gamma: T;
  /** [c] */
  beta: T;
}

/** The same attributes for both directions. */
export interface NormActAttrs {
  /** What shares a mean and a variance: `batch` (per channel), `instance`, or a number of groups, a divisor of c. */
  groups: 'batch' | 'instance' | number;
  /** Added to the variance. */
  epsilon: number;
  /** What follows the normalisation. */
  activation: FusedActivation;
  /** Slope of leakyRelu below zero, or elu's alpha; default `DEFAULT_ALPHA`. */
  alpha?: number;
}

/** y [n, d, h, w, c]; mean and 1/√(variance + epsilon), [c] for `batch`, else [n, groups], with groups = c for `instance`. */
export type NormActOutputs<T> = [y: T, mean: T, invStd: T];

/** What went in, what came out besides y, and the gradient of y. */
export interface NormActGradInputs<T> extends NormActInputs<T> {
  /** [n, d, h, w, c] */
  dy: T;
  /** As {@link GenesisNormAct} gave it. */
  mean: T;
  /** As {@link GenesisNormAct} gave it. */
  invStd: T;
}

/** dx [n, d, h, w, c]; dgamma and dbeta [c]. At a kink the slope is that of the negative side, as in PyTorch. */
export type NormActGradOutputs<T> = [dx: T, dgamma: T, dbeta: T];
