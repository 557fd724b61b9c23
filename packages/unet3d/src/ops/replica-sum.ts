import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';

/** What a forward and backward pass needs to know of the other processes that see other samples of the same batch. */
export interface ReplicaScope {
  /**
   * Replaces each value by its sum over all processes, in place; blocks. All call it in the same order, in the backward pass too.
   */
  readonly sum: (values: Float64Array) => void;
  /** Batch normalisation takes its statistics over all processes. Default: over this one's samples. */
  readonly syncNorm?: boolean;
}

let scope: ReplicaScope | undefined;

/** Runs `f`, in which what concerns a whole batch is summed over all processes. Without a scope nothing changes. */
export function withReplicas<T>(replicas: ReplicaScope | undefined, f: () => T): T {
  const before = scope;
  scope = replicas;
  try {
    return f();
  } finally {
    scope = before;
  }
}

/** The sum by which batch normalisation takes its statistics; undefined where they are those of this process's samples. */
export function normSum(): ReplicaScope['sum'] | undefined {
  return scope?.syncNorm ? scope.sum : undefined;
}

/**
 * The sum of a small tensor over the processes that train together, differentiable; the tensor itself in a process alone. For
 * losses that are no mean over samples, such as a Dice over the whole batch.
 */
export function sumOverReplicas<T extends tf.Tensor>(x: T): T {
  if (scope === undefined) return x;
  const { sum } = scope;
  const summed = (t: tf.Tensor): tf.Tensor => {
    const values = Float64Array.from(t.dataSync());
    sum(values);
    return tf.tensor(Float32Array.from(values), t.shape, 'float32');
  };
  return differentiable(
    [x],
    (x) => ({ value: summed(x), keep: [] }),
    // Every process's loss depends on it.
    (dy) => [summed(dy)],
  ) as T;
}

/** The mean over the values of a tensor in all processes that train together, differentiable as {@link sumOverReplicas} is. */
export function meanOverReplicas(x: tf.Tensor): tf.Scalar {
  if (scope === undefined) return tf.mean(x);
  return tf.div(sumOverReplicas(tf.sum(x)), sumOverReplicas(tf.scalar(x.size)));
}
