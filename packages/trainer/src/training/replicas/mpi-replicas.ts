import type { World } from '@genesis/mpi';
import type { NamedNdArrays } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { GradientBuckets } from './gradient-buckets.js';
import type { Replicas } from './replicas.js';

/** How processes talk to each other. */
export interface MpiReplicasOpts {
  /** Megabytes of gradients that are sent together. */
  readonly bucketMb: number;
  /** How gradients travel: as they are, or as halves with error feedback. */
  readonly reduceAs: 'float32' | 'float16';
  /** Batch normalisation takes its statistics over all processes. */
  readonly syncNorm: boolean;
  /** Send gradients while the backward pass goes on. Default true. */
  readonly overlap?: boolean;
}

/**
 * The processes that `mpirun` or Slurm has started.
 *
 * For engines that compute in this process: reading a gradient waits for those of a GPU, so that nothing overlaps there.
 */
export function mpiReplicas(world: World, opts: MpiReplicasOpts): Replicas {
  const buckets = new GradientBuckets(world, {
    bucketBytes: opts.bucketMb * 2 ** 20,
    half: opts.reduceAs === 'float16',
  });
  const { rank, size, hosts, localSize, barrier } = world;
  return {
    rank,
    size,
    hosts,
    localSize,
    barrier,
    scope: { sum: (values) => world.allReduceSync(values), syncNorm: opts.syncNorm },
    onGradient:
      opts.overlap === false ? undefined : (name, gradient) => buckets.add(name, gradient),
    async allReduce(gradients) {
      for (const [name, gradient] of Object.entries(gradients)) {
        if (!buckets.has(name)) buckets.add(name, gradient);
      }
      tf.dispose(gradients);
      return buckets.finish();
    },
    sum: (values) => world.allReduce(values),
    async gather(text) {
      const said = await world.allGather(new TextEncoder().encode(text));
      return said.map((bytes) => new TextDecoder().decode(bytes));
    },
    async broadcast(arrays: NamedNdArrays) {
      for (const { data } of arrays.values()) await world.broadcast(data as Float32Array);
      return arrays;
    },
  };
}
