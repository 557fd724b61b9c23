import { permutation, type Rng } from '@genesis/core';
import { TrainerError } from '../errors.js';

export interface Split {
  /** Indices, ascending. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Divides cases at random. Those of one group, such as the time points of one file, stay on one side.
 *
 * @param groups - The group of each case.
 * @param share - Of the groups, for validation; at least one goes to each side.
 * @throws TrainerError 'no-data' for fewer than two groups.
 */
export function splitCases(groups: readonly string[], share: number, rng: Rng): Split {
  const names = [...new Set(groups)];
  if (names.length < 2) {
    throw new TrainerError(
      'no-data',
      `${tooFew(groups.length)}, but at least two are needed: one to train on and one for validation`,
    );
  }
  const held = Math.min(names.length - 1, Math.max(1, Math.round(names.length * share)));
  const order = permutation(names.length, rng);
  const validation = new Set(order.slice(0, held).map((n) => names[n]));
  const indices = groups.map((_, n) => n);
  return {
    validation: indices.filter((n) => validation.has(groups[n])),
    train: indices.filter((n) => !validation.has(groups[n])),
  };
}

function tooFew(cases: number): string {
  if (cases === 0) return 'no usable volumes were found';
  return cases === 1
    ? 'only one usable volume was found'
    : `the ${cases} usable volumes belong to one case`;
}
