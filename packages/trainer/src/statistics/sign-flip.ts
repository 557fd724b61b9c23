import { createRng } from '@genesis/core';
import { mean } from './describe.js';

/** Up to here all 2^n signs are tried. */
const EXACT = 20;
const DRAWS = 200_000;

export interface SignFlip {
  /** Two-sided. */
  readonly p: number;
  /** All signs were tried; drawn at random otherwise. */
  readonly exact: boolean;
}

/**
 * Sign-flip test of paired differences against a mean of 0: how often a mean is as far from 0 when each difference might
 * as well have the other sign. Assumes nothing but symmetry. The smallest p of n differences is 2/2^n, so that fewer than six
 * can never be significant at 5 %.
 */
export function signFlipTest(differences: readonly number[], seed = 0): SignFlip {
  const n = differences.length;
  const sizes = differences.map(Math.abs);
  const observed = Math.abs(mean(differences)) * n;
  // Sums in another order differ in their last bits.
  const limit = observed - 1e-12 * sizes.reduce((a, b) => a + b, 0);
  if (n > EXACT) {
    const rng = createRng(seed);
    let extreme = 0;
    for (let r = 0; r < DRAWS; r++) {
      let sum = 0;
      for (const size of sizes) sum += rng.uniform() < 0.5 ? size : -size;
      if (Math.abs(sum) >= limit) extreme++;
    }
    return { p: (extreme + 1) / (DRAWS + 1), exact: false };
  }
  let extreme = 0;
  // The last sign is left: all signs turned give the same distance from 0.
  const patterns = 2 ** Math.max(0, n - 1);
  for (let bits = 0; bits < patterns; bits++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (bits >> k) & 1 ? -sizes[k] : sizes[k];
    if (Math.abs(sum) >= limit) extreme++;
  }
  return { p: extreme / patterns, exact: true };
}
