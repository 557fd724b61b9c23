import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { OptionError } from '../errors.js';
import { releaseAsYouGo } from '../ops/differentiable.js';
import { namedWeights } from '../weights/weight-name.js';

/** A loss: mean over what it is given, differentiable in the prediction. */
export type Loss = (target: tf.Tensor, prediction: tf.Tensor) => tf.Scalar;

export interface ComputeGradientsOpts {
  /** Whether layers run in training mode (running statistics are updated), default true. */
  training?: boolean;
}

export interface Gradients {
  /** To be disposed by the caller. */
  loss: tf.Scalar;
  /** Of every trainable weight, by stable name; to be disposed by the caller, see {@link disposeGradients}. */
  grads: Record<string, tf.Tensor>;
}

/**
 * One forward and backward pass: the loss and its gradient in each trainable weight. Changes no
 * weight; hand the gradients to an optimiser's `step`.
 * @throws OptionError when every weight is frozen.
 */
export function computeGradients(
  model: tfl.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  loss: Loss,
  opts: ComputeGradientsOpts = {},
): Gradients {
  const { training = true } = opts;
  const names = new Map<string, string>();
  const variables: tf.Variable[] = [];
  const trainable = new Set(model.trainableWeights);
  for (const [name, weight] of namedWeights(model)) {
    if (!trainable.has(weight)) continue;
    const variable = weight.read() as tf.Variable;
    names.set(variable.name, name);
    variables.push(variable);
  }
  if (variables.length === 0) {
    throw new OptionError(
      'model',
      'Every weight of the model is frozen: there is nothing to train.',
    );
  }
  const { value, grads } = releaseAsYouGo(() =>
    tf.variableGrads(() => loss(y, model.apply(x, { training }) as tf.Tensor), variables),
  );
  const named: Record<string, tf.Tensor> = {};
  for (const [variable, gradient] of Object.entries(grads)) named[names.get(variable)!] = gradient;
  return { loss: value, grads: named };
}

/** Disposes the loss and all gradients. */
export function disposeGradients(gradients: Gradients): void {
  gradients.loss.dispose();
  tf.dispose(gradients.grads);
}
