import { TrainerError } from '../../errors.js';
import type { Replicas } from './replicas.js';

/** Which samples of every batch are a replica's. */
export interface BatchShare {
  /** Samples of a batch that are this replica's. */
  readonly size: number;
  /**
   * The place in the epoch of what is sample `own` for this replica, which counts its own samples alone: step · size + n. So every
   * number of replicas sees the same batches.
   */
  placeOf(own: number): number;
}

/**
 * This replica's share of batches of `batch` samples: neighbours, as equal as they can be.
 *
 * @throws TrainerError 'bad-config' when there are more replicas than samples.
 */
export function batchShare(
  batch: number,
  { rank, size }: Pick<Replicas, 'rank' | 'size'>,
): BatchShare {
  if (batch < size) {
    throw new TrainerError(
      'bad-config',
      `a batch of ${batch} cannot be shared by ${size} processes: each needs a sample at least; raise --batch or start fewer`,
    );
  }
  const first = Math.floor((batch * rank) / size);
  const count = Math.floor((batch * (rank + 1)) / size) - first;
  return {
    size: count,
    placeOf: (own) => Math.floor(own / count) * batch + first + (own % count),
  };
}
