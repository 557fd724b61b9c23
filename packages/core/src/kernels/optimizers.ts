/**
 * One step of SGD as PyTorch defines it: g = grad + weightDecay · param; v ← momentum · velocity + g (g itself without
 * momentum); param − learningRate · (g + momentum · v with Nesterov, else v).
 */
export const GenesisSgd = 'GenesisSgd';

/** One step of Adam (Kingma & Ba, 2015) or AdamW (Loshchilov & Hutter, 2019) as PyTorch computes them. */
export const GenesisAdam = 'GenesisAdam';

/** float32 tensors of one shape. */
export interface SgdInputs<T> {
  /** The weight. */
  param: T;
  /** Its gradient. */
  grad: T;
  /** Zero before the first step. */
  velocity: T;
}

/** The settings of SGD; none has a default here. */
export interface SgdAttrs {
  /** Factor of the update. */
  learningRate: number;
  /** Part of the velocity that is kept, 0 for none. */
  momentum: number;
  /** Look ahead along the velocity (Nesterov). */
  nesterov: boolean;
  /** Factor of the L2 term that is added to the gradient. */
  weightDecay: number;
}

/** New tensors; the inputs stay as they are. */
export type SgdOutputs<T> = [param: T, velocity: T];

/** float32 tensors of one shape. */
export interface AdamInputs<T> {
  /** The weight. */
  param: T;
  /** Its gradient. */
  grad: T;
  /** Mean of the gradients. */
  m: T;
  /** Mean of their squares. */
  v: T;
}

/** The settings of Adam; none has a default here. */
export interface AdamAttrs {
  /** Factor of the update. */
  learningRate: number;
  /** Part of the mean of the gradients that is kept. */
  beta1: number;
  /** Part of the mean of their squares that is kept. */
  beta2: number;
  /** Added to the root. */
  epsilon: number;
  /** L2 term, in the gradient or, `decoupled`, on the parameters. */
  weightDecay: number;
  /** AdamW: the decay is applied to the parameters, not added to the gradient. */
  decoupled: boolean;
  /** Number of this update, from 1. */
  step: number;
}

/** New tensors; the inputs stay as they are. */
export type AdamOutputs<T> = [param: T, m: T, v: T];
