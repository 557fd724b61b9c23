import * as tf from '@tensorflow/tfjs-core';
import type { WeightGradients } from './optimizer.js';

/** Sums gradients of several small batches, so that a large batch needs no more memory than a small one. */
export interface GradientAccumulator {
  /** Number of batches added since the last `take`. */
  readonly count: number;
  /** Adds gradients; does not dispose them. */
  add(grads: WeightGradients): void;
  /** The mean over the batches, which the caller disposes; starts anew. */
  take(): WeightGradients;
  /** Frees what was added. */
  dispose(): void;
}

/** Makes an empty accumulator. */
export function accumulateGradients(): GradientAccumulator {
  let sums = new Map<string, tf.Tensor>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(grads) {
      count++;
      for (const [name, grad] of Object.entries(grads)) {
        const old = sums.get(name);
        sums.set(name, tf.keep(old ? tf.add(old, grad) : tf.clone(grad)));
        old?.dispose();
      }
    },
    take() {
      const mean: WeightGradients = {};
      for (const [name, sum] of sums) {
        mean[name] = tf.mul(sum, 1 / count);
        sum.dispose();
      }
      sums = new Map();
      count = 0;
      return mean;
    },
    dispose() {
      for (const sum of sums.values()) sum.dispose();
      sums = new Map();
      count = 0;
    },
  };
}
