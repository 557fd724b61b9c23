import type { Rng } from '@genesis/core';
import { TransformsError } from '../errors.js';
import type { Range } from './api.js';

/** Smallest and largest value of a range. */
export const endsOf = (range: Range): readonly [number, number] =>
  typeof range === 'number' ? [range, range] : range;

/** Throws unless the range is two finite numbers in order, within bounds. */
export function checkSpan(
  range: Range,
  what: string,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): Range {
  const [low, high] = endsOf(range);
  if (
    !(Number.isFinite(low) && Number.isFinite(high) && low <= high && low >= least && high <= most)
  ) {
    const bounds =
      least === Number.NEGATIVE_INFINITY
        ? ''
        : most === Number.POSITIVE_INFINITY
          ? ` from ${least} up`
          : ` in ${least}…${most}`;
    throw new TransformsError(
      'option',
      `${what} is ${low}…${high}; give a number, or two in order,${bounds === '' ? ' finite' : bounds}.`,
    );
  }
  return range;
}

/** A number of the range, evenly. */
export function drawRange(rng: Rng, range: Range): number {
  const [low, high] = endsOf(range);
  return low === high ? low : low + (high - low) * rng.uniform();
}

/** An integer of the range, evenly, both ends included. */
export function drawInteger(rng: Rng, range: Range): number {
  const [low, high] = endsOf(range);
  return rng.int(low, high);
}

/**
 * A factor of the range, below 1 as often as above it, as batchgenerators draws them; evenly when the range lies on one side
 * of 1.
 */
export function drawFactor(rng: Rng, range: Range): number {
  const [low, high] = endsOf(range);
  if (low >= 1 || high <= 1) return drawRange(rng, range);
  return drawRange(rng, rng.uniform() < 0.5 ? [low, 1] : [1, high]);
}
