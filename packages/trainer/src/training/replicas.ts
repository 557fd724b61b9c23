import type { NamedNdArrays, WeightGradients } from '@genesis/unet3d';

/**
 * The processes that train one network together. Each holds a copy of the network and sees its own share of the data;
 * a run in one process is the case of one replica.
 */
export interface Replicas {
  /** This process's number, 0 … size − 1. Only rank 0 writes into the run's folder. */
  readonly rank: number;
  readonly size: number;
  /**
   * The mean over all replicas, tensor by tensor: called between backward and update with this process's gradients by
   * weight name. Takes ownership of what it is given and hands over what it returns.
   */
  allReduce(gradients: WeightGradients): Promise<WeightGradients>;
  /** What rank 0 holds, in every process; the others' arrays are ignored. */
  broadcast(arrays: NamedNdArrays): Promise<NamedNdArrays>;
  /** Resolves when every replica has called it. */
  barrier(): Promise<void>;
}

/** One process alone: every exchange gives back what it is given. */
export const singleProcess: Replicas = {
  rank: 0,
  size: 1,
  allReduce: async (gradients) => gradients,
  broadcast: async (arrays) => arrays,
  barrier: async () => undefined,
};
