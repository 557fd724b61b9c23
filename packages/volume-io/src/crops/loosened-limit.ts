import { createRng } from '@genesis/core';
import type { CropPosition, CropRange } from './api.js';

/** Places whose score is looked at. */
const LOOKED_AT = 500;
/** At least this share of the places must pass, so that the crops drawn are not the same few again and again. */
const PASSING = 0.1;

/**
 * The limit that lets a tenth of the places pass; undefined when as many pass already. Looks at the same places whenever the
 * range is the same.
 */
export function loosenedLimit(
  range: CropRange,
  score: (position: CropPosition) => number,
  passes: (position: CropPosition) => boolean,
): number | undefined {
  const rng = createRng(0);
  const places = Array.from({ length: LOOKED_AT }, (): CropPosition => {
    const [i, j, k] = [0, 1, 2].map((axis) => rng.int(range.lo[axis], range.hi[axis]));
    return [i, j, k];
  });
  if (places.filter(passes).length >= PASSING * LOOKED_AT) return undefined;
  return places.map(score).sort((a, b) => a - b)[Math.ceil(PASSING * LOOKED_AT)];
}
