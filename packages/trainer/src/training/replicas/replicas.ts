import type { NamedNdArrays, ReplicaScope, WeightGradients } from '@genesis/unet3d';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * The processes that train one network together. Each holds a copy of the network and sees its own share of every batch; a run in one
 * process is the case of one replica. All must call the same functions in the same order.
 */
export interface Replicas {
  /** This process's number, 0 … size − 1. Only rank 0 writes into the run's folder. */
  readonly rank: number;
  readonly size: number;
  /** Name of the host of each rank, for messages. */
  readonly hosts: readonly string[];
  /** Processes on this host, which share its processors. */
  readonly localSize: number;
  /** What a forward and backward pass needs to know of the others; left out where there are none. */
  readonly scope?: ReplicaScope;
  /**
   * Told of each gradient while the backward pass still runs, so that its reduction can begin; `allReduce` ends the step. The same
   * weights in the same order in every process.
   */
  readonly onGradient?: (name: string, gradient: tf.Tensor) => void;
  /**
   * The sum over all replicas, tensor by tensor: called between backward and update with this process's gradients by weight name, of
   * a loss that weighs this process's samples by their share in the batch. Takes ownership of what it is given and hands over
   * what it returns.
   */
  allReduce(gradients: WeightGradients): Promise<WeightGradients>;
  /** Replaces each value by its sum over all replicas, in place. */
  sum(values: Float64Array): Promise<void>;
  /** What each replica says, in order of ranks. */
  gather(text: string): Promise<readonly string[]>;
  /** What rank 0 holds, in every process; the others' arrays are ignored. */
  broadcast(arrays: NamedNdArrays): Promise<NamedNdArrays>;
  /** Resolves when every replica has called it. */
  barrier(): Promise<void>;
}

/** One process alone: every exchange gives back what it is given. */
export const singleProcess: Replicas = {
  rank: 0,
  size: 1,
  hosts: ['this machine'],
  localSize: 1,
  allReduce: async (gradients) => gradients,
  sum: async () => undefined,
  gather: async (text) => [text],
  broadcast: async (arrays) => arrays,
  barrier: async () => undefined,
};
