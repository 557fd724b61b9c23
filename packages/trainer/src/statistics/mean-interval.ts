import jstat from 'jstat';
import type { Interval } from './api.js';
import { mean, standardDeviation } from './describe.js';

/** Student's interval of a mean; NaN of fewer than two values. */
export function meanInterval(values: readonly number[], level = 0.95): Interval {
  const n = values.length;
  const center = mean(values);
  if (n < 2) return { low: Number.NaN, high: Number.NaN, level };
  const reach =
    jstat.studentt.inv((1 + level) / 2, n - 1) * (standardDeviation(values) / Math.sqrt(n));
  return { low: center - reach, high: center + reach, level };
}
