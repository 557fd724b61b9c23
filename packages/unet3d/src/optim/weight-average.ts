import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import ndarray from 'ndarray';
import type { NamedNdArrays, NamedTensorLikes } from '../api.js';
import { floatsOf } from '../tensor/floats-of.js';
import { fromTensor } from '../tensor/from-tensor.js';
import { namedWeights } from '../weights/weight-name.js';

/**
 * An exponential average of a network's weights over the steps of a training, running statistics included. It usually
 * scores better than the weights of any one step.
 */
export interface WeightAverage {
  /** Takes the weights as they are now into the average; reads nothing back from the engine. */
  update(model: tfl.LayersModel): void;
  /** Gives the network the average and returns what gives it its own weights back; nothing happens before the first update. */
  putIn(model: tfl.LayersModel): () => void;
  /** Copies the average by stable names, and `updates`; only that before the first update. */
  state(): Promise<NamedNdArrays>;
  /** Restores what `state` returned. */
  setState(state: NamedTensorLikes): void;
  /** Frees the average. */
  dispose(): void;
}

/**
 * Makes an average that keeps `decay` of itself at each update; less at first, (1 + n) / (10 + n) at update n, so that the
 * weights of the beginning are soon forgotten (as TensorFlow's ExponentialMovingAverage with `num_updates`).
 *
 * @param decay - In [0, 1), such as 0.999.
 */
export function weightAverage(decay: number): WeightAverage {
  const averages = new Map<string, tf.Tensor>();
  let updates = 0;
  const keep = (name: string, tensor: tf.Tensor): void => {
    averages.get(name)?.dispose();
    averages.set(name, tf.keep(tensor));
  };
  const dispose = (): void => {
    for (const tensor of averages.values()) tensor.dispose();
    averages.clear();
    updates = 0;
  };
  return {
    update(model) {
      const share = 1 - Math.min(decay, (1 + updates) / (10 + updates));
      updates++;
      for (const [name, weight] of namedWeights(model)) {
        const now = weight.read();
        const before = averages.get(name);
        keep(
          name,
          before
            ? tf.tidy(() => tf.add(before, tf.mul(tf.sub(now, before), share)))
            : tf.clone(now),
        );
      }
    },
    putIn(model) {
      const own = new Map<string, tf.Tensor>();
      for (const [name, weight] of namedWeights(model)) {
        const average = averages.get(name);
        if (!average) continue;
        own.set(name, tf.keep(tf.clone(weight.read())));
        weight.write(average);
      }
      return () => {
        for (const [name, weight] of namedWeights(model)) {
          const tensor = own.get(name);
          if (!tensor) continue;
          weight.write(tensor);
          tensor.dispose();
        }
        own.clear();
      };
    },
    async state() {
      const state: NamedNdArrays = new Map();
      state.set('updates', ndarray(Int32Array.of(updates), [1]));
      for (const [name, tensor] of averages) state.set(name, await fromTensor(tensor));
      return state;
    },
    setState(state) {
      dispose();
      for (const [name, array] of state) {
        if (name === 'updates') updates = floatsOf(array)[0] ?? 0;
        else keep(name, tf.tensor(floatsOf(array), [...array.shape], 'float32'));
      }
    },
    dispose,
  };
}
