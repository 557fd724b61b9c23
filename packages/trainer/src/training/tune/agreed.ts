import ndarray from 'ndarray';
import type { Replicas } from '../replicas/replicas.js';

/** What the first process decided, in all of them: each measures for itself, and must do the same. */
export async function agreed(replicas: Replicas, values: readonly number[]): Promise<number[]> {
  if (replicas.size === 1) return [...values];
  const own = ndarray(Float64Array.from(values), [values.length]);
  const shared = await replicas.broadcast(new Map([['values', own]]));
  return Array.from(shared.get('values')?.data ?? values);
}
