import type * as tf from '@tensorflow/tfjs-core';

/** A loss: mean over what it is given, differentiable in the prediction. The caller disposes the result. */
export type Loss = (target: tf.Tensor, prediction: tf.Tensor) => tf.Scalar;

/**
 * A loss over the outputs of a network that has several, in the order of `model.outputs`; differentiable in the predictions. How
 * many targets there are is between the loss and its caller: one for each output, or one for all.
 */
export type OutputsLoss = (
  targets: readonly tf.Tensor[],
  predictions: readonly tf.Tensor[],
) => tf.Scalar;
