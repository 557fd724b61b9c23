import { permutation, type Rng } from '@genesis/core';
import { TrainerError } from '../errors.js';
import type { Split } from './split-cases.js';

export interface FoldOpts {
  /** How many there are, at least 2. */
  readonly folds: number;
  /** Which one is validated with, from 0. */
  readonly fold: number;
}

/**
 * One of several folds: groups are shuffled and dealt out in parts that differ by one at most; each case is validated in exactly
 * one fold. The same generator gives the same folds.
 *
 * @param groups - The group of each case; those of one group are in one fold.
 * @throws TrainerError 'bad-config' for a fold that there is not, 'no-data' for fewer groups than folds.
 */
export function foldOf(groups: readonly string[], { folds, fold }: FoldOpts, rng: Rng): Split {
  if (fold >= folds) {
    throw new TrainerError(
      'bad-config',
      `there is no fold ${fold}: ${folds} folds are counted from 0 to ${folds - 1}`,
    );
  }
  const names = [...new Set(groups)];
  if (names.length < folds) {
    throw new TrainerError(
      'no-data',
      `${folds} folds need as many patients (or cases, where no patients are known), but there are ${names.length}`,
    );
  }
  const order = permutation(names.length, rng);
  const [first, end] = [fold, fold + 1].map((n) => Math.floor((n * names.length) / folds));
  const held = new Set(order.slice(first, end).map((n) => names[n]));
  const indices = groups.map((_, n) => n);
  return {
    train: indices.filter((n) => !held.has(groups[n])),
    validation: indices.filter((n) => held.has(groups[n])),
  };
}
