import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import ndarray from 'ndarray';
import type { NamedNdArrays, NamedTensorLikes } from '../api.js';
import { UNet3dError } from '../errors.js';
import { floatsOf } from '../tensor/floats-of.js';
import { fromTensor } from '../tensor/from-tensor.js';
import { namedWeights } from '../weights/weight-name.js';
import type { Optimizer, OptimizerOpts, ParamGroup, WeightGradients } from './optimizer.js';

/** A gradient or a saved state does not belong to the model or optimiser. */
export class OptimizerError extends UNet3dError<'bad-state' | 'unknown-weight'> {
  override readonly name = 'OptimizerError';
}

/** What one weight's update is given. */
export interface Update {
  param: tf.Tensor;
  grad: tf.Tensor;
  learningRate: number;
  weightDecay: number;
  /** 1 at the first step. */
  step: number;
}

/** Slots (tensors beside each weight), groups, saving and restoring, shared by all optimisers. */
export abstract class BaseOptimizer implements Optimizer {
  abstract readonly name: Optimizer['name'];
  learningRate: number;
  private readonly weightDecay: number;
  private readonly groups: ParamGroup[];
  private readonly slotNames: readonly string[];
  private readonly slots = new Map<string, tf.Tensor>();
  private steps = 0;

  constructor(
    learningRate: number,
    weightDecay: number,
    slotNames: readonly string[],
    opts: OptimizerOpts,
  ) {
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    this.slotNames = slotNames;
    this.groups = opts.groups ?? [];
  }

  step(grads: WeightGradients, model: tfl.LayersModel): void {
    const weights = namedWeights(model);
    const unknown = Object.keys(grads).find((name) => !weights.has(name));
    if (unknown) {
      throw new OptimizerError(
        'unknown-weight',
        `Gradient ${unknown} belongs to no weight of the model.`,
      );
    }
    this.steps++;
    for (const [name, grad] of Object.entries(grads)) {
      const weight = weights.get(name)!;
      const group = this.groups.find(({ match }) =>
        typeof match === 'function' ? match(name) : match.some((prefix) => name.startsWith(prefix)),
      );
      const slots = this.slotNames.map((slot) => this.slot(slot, name, grad));
      const [param, ...updated] = tf.tidy(() =>
        this.update(
          {
            param: weight.read(),
            grad,
            learningRate: this.learningRate * (group?.learningRateScale ?? 1),
            weightDecay: group?.weightDecay ?? this.weightDecay,
            step: this.steps,
          },
          slots,
        ),
      );
      weight.write(param);
      param.dispose();
      slots.forEach((old, i) => {
        old.dispose();
        this.slots.set(`${this.slotNames[i]}/${name}`, tf.keep(updated[i]));
      });
    }
  }

  async state(): Promise<NamedNdArrays> {
    const state: NamedNdArrays = new Map();
    state.set('step', ndarray(Int32Array.of(this.steps), [1]));
    for (const [name, tensor] of this.slots) state.set(name, await fromTensor(tensor));
    return state;
  }

  setState(state: NamedTensorLikes): void {
    const step = state.get('step');
    const alien = [...state.keys()].find(
      (key) => key !== 'step' && !this.slotNames.includes(key.slice(0, key.indexOf('/'))),
    );
    if (!step || alien) {
      throw new OptimizerError(
        'bad-state',
        alien
          ? `State ${alien} was not saved by the optimiser ${this.name}.`
          : 'The state lacks "step".',
      );
    }
    this.dispose();
    this.steps = floatsOf(step)[0]!;
    for (const [name, array] of state) {
      if (name === 'step') continue;
      const tensor = tf.tensor(floatsOf(array), [...array.shape], 'float32');
      this.slots.set(name, tf.keep(tensor));
    }
  }

  dispose(): void {
    for (const tensor of this.slots.values()) tensor.dispose();
    this.slots.clear();
    this.steps = 0;
  }

  /** Returns the new weight and the new slots, in the order of the slot names. */
  protected abstract update(given: Update, slots: tf.Tensor[]): tf.Tensor[];

  private slot(slot: string, name: string, like: tf.Tensor): tf.Tensor {
    return this.slots.get(`${slot}/${name}`) ?? tf.keep(tf.zerosLike(like));
  }
}
