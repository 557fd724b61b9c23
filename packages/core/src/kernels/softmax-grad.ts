/** The gradient of a softmax over the last axis, from its value: y · (dy − Σ dy · y). */
export const GenesisSoftmaxGrad = 'GenesisSoftmaxGrad';

/** float32 tensors of one shape, the classes last. */
export interface SoftmaxGradInputs<T> {
  /** The gradient of the softmax. */
  dy: T;
  /** The softmax. */
  y: T;
}

/** It has none. */
export type SoftmaxGradAttrs = Record<string, never>;

/** The shape of dy. */
export type SoftmaxGradOutputs<T> = T;
