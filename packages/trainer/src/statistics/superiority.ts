import jstat from 'jstat';
import type { Interval } from './api.js';

export interface Superiority {
  /** Share of the pairs in which the first is higher; a tie counts as half. */
  readonly probability: number;
  /** Wilson's. */
  readonly interval: Interval;
}

/** P(A > B): how often a run of the first arm beats the paired run of the second. */
export function superiority(differences: readonly number[], level = 0.95): Superiority {
  const n = differences.length;
  const wins = differences.reduce((sum, d) => sum + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0);
  return { probability: wins / n, interval: wilsonInterval(wins, n, level) };
}

/** Wilson's score interval of a proportion. */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  const z = jstat.normal.inv((1 + level) / 2, 0, 1);
  const p = successes / n;
  const scale = 1 + z ** 2 / n;
  const center = (p + z ** 2 / (2 * n)) / scale;
  const reach = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / scale;
  return { low: Math.max(0, center - reach), high: Math.min(1, center + reach), level };
}
