import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedNdArrays, NamedTensorLikes } from '../api.js';

/** Gradients by the stable names of their weights. */
export type WeightGradients = Record<string, tf.Tensor>;

/** Weights that learn at another rate or decay than the rest. */
export interface ParamGroup {
  /** Which weights: those whose name starts with one of these prefixes, or that the function accepts. */
  match: string[] | ((name: string) => boolean);
  /** Factor on the optimiser's learning rate, default 1. */
  learningRateScale?: number;
  /** Replaces the optimiser's weight decay. */
  weightDecay?: number;
}

/** What every optimiser takes. */
export interface OptimizerOpts {
  /** The first group that matches a weight counts. */
  groups?: ParamGroup[];
}

/** Updates the weights of one model from gradients. Its memory can be saved and restored exactly. */
export interface Optimizer {
  /** Which method. */
  readonly name: 'sgd' | 'adam' | 'adamW';
  /** May be changed between steps, by a schedule for instance. */
  learningRate: number;
  /**
   * One update of every weight that has a gradient, by stable name. Does not dispose the gradients.
   * @throws OptimizerError when a gradient has no weight in the model.
   */
  step(grads: WeightGradients, model: tfl.LayersModel): void;
  /** Copies the memory: one entry for each weight and slot, `velocity/encoder.0.a.conv.kernel`, and `step`. */
  state(): Promise<NamedNdArrays>;
  /** Restores what `state` returned. */
  setState(state: NamedTensorLikes): void;
  /** Frees the memory of the optimiser (not of the model). */
  dispose(): void;
}
