import type { Replicas } from './replicas.js';

/**
 * Whether a batch of a validation is this replica's. Whole batches are shared out, so that a network that takes statistics of a batch
 * gives what it would in one process.
 *
 * @param batch - Its number, from 0.
 */
export function isOwnBatch(
  batch: number,
  { rank, size }: Pick<Replicas, 'rank' | 'size'>,
): boolean {
  return batch % size === rank;
}

/** The sums over all replicas. */
export async function sumsOf(replicas: Replicas, own: readonly number[]): Promise<number[]> {
  const values = Float64Array.from(own);
  await replicas.sum(values);
  return [...values];
}

/** What all replicas have found, in order of ranks. Plain data. */
export async function everyones<T>(replicas: Replicas, own: readonly T[]): Promise<T[]> {
  if (replicas.size === 1) return [...own];
  const all = await replicas.gather(JSON.stringify(own));
  return all.flatMap((text) => JSON.parse(text) as T[]);
}
