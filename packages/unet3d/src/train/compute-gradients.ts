import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { OptionError } from '../errors.js';
import type { Loss, OutputsLoss } from '../losses/loss.js';
import { type OnInputGradient, releaseAsYouGo } from '../ops/differentiable.js';
import { type ReplicaScope, withReplicas } from '../ops/replica-sum.js';
import type { WeightGradients } from '../optim/optimizer.js';
import { namedWeights } from '../weights/weight-name.js';

/** How a forward and backward pass runs. */
export interface ComputeGradientsOpts {
  /** Whether layers run in training mode (running statistics are updated), default true. */
  training?: boolean;
  /**
   * Told of each gradient as soon as the backward pass knows it, from the last layer to the first, so that it can be sent elsewhere
   * meanwhile. It stays the result's; its values may be read. Weights that other operations than this package's use
   * are told when the pass is over. Not for a model that uses one weight twice.
   */
  onGradient?: (name: string, gradient: tf.Tensor) => void;
  /** The other processes that see other samples of the same batch. Default: none. */
  replicas?: ReplicaScope;
  /** Which of the trainable weights learn, by stable name; the others keep their values for this pass. Default: all. */
  learns?: (name: string) => boolean;
}

/** What one forward and backward pass gives. */
export interface LossAndGradients {
  /** To be disposed by the caller. */
  loss: tf.Scalar;
  /** Of every trainable weight, by stable name; to be disposed by the caller, see {@link disposeGradients}. */
  grads: WeightGradients;
}

/** @deprecated {@link LossAndGradients}. */
export type Gradients = LossAndGradients;

/**
 * One forward and backward pass: the loss and its gradient in each trainable weight. Changes no
 * weight; hand the gradients to an optimiser's `step`.
 *
 * @param x - [n, x, y, z, c]
 * @param y - What the loss compares the output with.
 * @throws OptionError when every weight is frozen, or when the model has several outputs and `y` is no list.
 */
export function computeGradients(
  model: tfl.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  loss: Loss,
  opts?: ComputeGradientsOpts,
): LossAndGradients;
/**
 * The same for a model with any number of outputs: the loss is given the list of targets and the list of outputs, in the order of
 * `model.outputs`.
 */
export function computeGradients(
  model: tfl.LayersModel,
  x: tf.Tensor,
  y: readonly tf.Tensor[],
  loss: OutputsLoss,
  opts?: ComputeGradientsOpts,
): LossAndGradients;
export function computeGradients(
  model: tfl.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor | readonly tf.Tensor[],
  loss: Loss | OutputsLoss,
  opts: ComputeGradientsOpts = {},
): LossAndGradients {
  const { training = true, onGradient, replicas, learns = () => true } = opts;
  const several = Array.isArray(y);
  if (!several && model.outputs.length > 1) {
    throw new OptionError(
      'y',
      `Model ${model.name} has ${model.outputs.length} outputs: give a list of targets and a loss over lists.`,
    );
  }
  const names = new Map<string, string>();
  const variables: tf.Variable[] = [];
  const trainable = new Set(model.trainableWeights);
  for (const [name, weight] of namedWeights(model)) {
    if (!trainable.has(weight) || !learns(name)) continue;
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
  const forward = (): tf.Scalar => {
    const outputs = model.apply(x, { training }) as tf.Tensor | tf.Tensor[];
    if (!several) return (loss as Loss)(y as tf.Tensor, outputs as tf.Tensor);
    return (loss as OutputsLoss)(y, Array.isArray(outputs) ? outputs : [outputs]);
  };
  const early = onGradient && tellEarly(variables, names, onGradient);
  const { value, grads } = withReplicas(replicas, () =>
    releaseAsYouGo(() => tf.variableGrads(forward, variables), early?.tell),
  );
  const named: WeightGradients = {};
  for (const [variable, gradient] of Object.entries(grads)) named[names.get(variable)!] = gradient;
  early?.tellRest(named);
  return { loss: value, grads: named };
}

/** Passes gradients on while the backward pass runs, and those that were not told then afterwards. */
function tellEarly(
  variables: readonly tf.Variable[],
  names: ReadonlyMap<string, string>,
  onGradient: NonNullable<ComputeGradientsOpts['onGradient']>,
): { tell: OnInputGradient; tellRest: (grads: WeightGradients) => void } {
  const byId = new Map(variables.map(({ id, name }) => [id, names.get(name)!]));
  const told = new Map<string, tf.Tensor>();
  return {
    tell(input, gradient) {
      const name = byId.get(input.id);
      if (name === undefined) return;
      told.set(name, gradient);
      onGradient(name, gradient);
    },
    tellRest(grads) {
      for (const [name, gradient] of Object.entries(grads)) {
        const early = told.get(name);
        if (early === undefined) onGradient(name, gradient);
        else if (early !== gradient) {
          throw new Error(
            `the weight ${name} is used twice: its gradient was told before it was known`,
          );
        }
      }
    },
  };
}

/** Disposes the loss and all gradients. */
export function disposeGradients(result: LossAndGradients): void {
  result.loss.dispose();
  tf.dispose(result.grads);
}
