import jstat from 'jstat';
import type { Interval } from './api.js';
import { mean, standardDeviation } from './describe.js';

export interface EffectSize {
  /** Mean ÷ standard deviation of paired differences (Cohen's d_z). */
  readonly dz: number;
  /** The same without the bias of small samples (Hedges 1981). */
  readonly g: number;
  /** Of d_z, by the noncentral t distribution. */
  readonly interval: Interval;
}

/** Standardized size of paired differences; NaN of fewer than two, or where they do not vary. */
export function effectSize(differences: readonly number[], level = 0.95): EffectSize {
  const n = differences.length;
  const dz = mean(differences) / standardDeviation(differences);
  if (!Number.isFinite(dz)) {
    const nothing = { low: Number.NaN, high: Number.NaN, level };
    return { dz: Number.NaN, g: Number.NaN, interval: nothing };
  }
  const t = dz * Math.sqrt(n);
  const noncentrality = (p: number): number =>
    bisect((nc) => jstat.noncentralt.cdf(t, n - 1, nc) - p, t - 40, t + 40);
  const low = noncentrality((1 + level) / 2) / Math.sqrt(n);
  const high = noncentrality((1 - level) / 2) / Math.sqrt(n);
  return { dz, g: dz * (1 - 3 / (4 * (n - 1) - 1)), interval: { low, high, level } };
}

/** Where a falling function is 0. */
function bisect(f: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let n = 0; n < 80; n++) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
