/**
 * What losses of segmentations need of each class, summed over voxels in one pass. The sums are linear in what a loss adds up, so
 * a loss is a function of them alone, and its gradient in the prediction is {@link GenesisClassSumsGrad} of its gradient in them.
 */
export const GenesisClassSums = 'GenesisClassSums';

/** The gradient of {@link GenesisClassSums} in the prediction. */
export const GenesisClassSumsGrad = 'GenesisClassSumsGrad';

/** float32 tensors. */
export interface ClassSumsInputs<T> {
  /** Shares of the classes, one-hot or not: [samples, voxels, classes]. */
  target: T;
  /** Probabilities: [samples, voxels, classes]. */
  prediction: T;
}

/** The same attributes for both directions. */
export interface ClassSumsAttrs {
  /** Whether the first sums are wanted; they are 0 otherwise. */
  entropy: boolean;
}

/** Σ t·log(p·(1 − 2e) + e) with e = 1e-7, Σ t·p, Σ t and Σ p: [samples, 4, classes]. */
export type ClassSumsOutputs<T> = T;

/** What went in, and the gradient of the sums. */
export interface ClassSumsGradInputs<T> extends ClassSumsInputs<T> {
  /** [samples, 4, classes] */
  dsums: T;
}

/** [samples, voxels, classes] */
export type ClassSumsGradOutputs<T> = T;
