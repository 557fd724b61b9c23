import { launchedBy, mpiWorld } from '@genesis/mpi';
import type { MpiReplicasOpts } from './mpi-replicas.js';
import type { Replicas } from './replicas.js';

/** The processes that train together, and how to end them. */
export interface OpenedReplicas {
  readonly replicas: Replicas;
  /** Ends all of them at once, with this exit code. */
  abort(exitCode: number): never;
}

/** For tasks that have no such options. */
const DEFAULTS = { bucketMb: 4, reduceAs: 'float32', syncNorm: false } as const;

/**
 * The processes that this one was started with by `mpirun` or Slurm; undefined for one that was started alone, where nothing of
 * MPI is loaded.
 *
 * @throws MpiError when it was, and MPI cannot be used.
 */
export async function openReplicas(
  opts: Partial<MpiReplicasOpts>,
): Promise<OpenedReplicas | undefined> {
  const launch = launchedBy();
  if (launch === undefined || launch.size === 1) return undefined;
  const world = mpiWorld();
  const { mpiReplicas } = await import('./mpi-replicas.js');
  return {
    replicas: mpiReplicas(world, { ...DEFAULTS, ...opts }),
    abort: (exitCode) => world.abort(exitCode),
  };
}
