import { permutation } from '@genesis/core';
import type { Rng } from '@genesis/transforms';
import { TrainerError } from '../errors.js';

export interface Split {
  /** Indices, ascending. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Divides volumes at random, so that no volume has crops on both sides.
 *
 * @param share - Of the volumes, for validation; at least one volume goes to each side.
 * @throws TrainerError 'no-data' for fewer than two volumes.
 */
export function splitVolumes(count: number, share: number, rng: Rng): Split {
  if (count < 2) {
    throw new TrainerError(
      'no-data',
      `${count === 1 ? 'only one usable volume was' : 'no usable volumes were'} found, but at least two are needed: one to train on and one for validation`,
    );
  }
  const held = Math.min(count - 1, Math.max(1, Math.round(count * share)));
  const order = permutation(count, rng);
  const ascending = (a: number, b: number): number => a - b;
  return {
    validation: order.slice(0, held).sort(ascending),
    train: order.slice(held).sort(ascending),
  };
}
