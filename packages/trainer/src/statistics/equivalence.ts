import jstat from 'jstat';
import { mean, standardDeviation } from './describe.js';

/**
 * Two one-sided t tests of paired differences (Schuirmann 1987): small p says that the mean difference lies within
 * −bound…bound. NaN of fewer than two differences.
 */
export function equivalenceTest(differences: readonly number[], bound: number): number {
  const n = differences.length;
  const error = standardDeviation(differences) / Math.sqrt(n);
  const center = mean(differences);
  if (error === 0) return Math.abs(center) < bound ? 0 : 1;
  const above = 1 - jstat.studentt.cdf((center + bound) / error, n - 1);
  const below = jstat.studentt.cdf((center - bound) / error, n - 1);
  return Math.max(above, below);
}
