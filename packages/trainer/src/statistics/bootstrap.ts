import { createRng } from '@genesis/core';
import jstat from 'jstat';
import type { Interval, ResampleOpts } from './api.js';
import { mean, quantileOfSorted } from './describe.js';

const RESAMPLES = 10_000;

/**
 * Percentile interval of the mean of a table of runs × cases, of which both are samples: each replicate draws runs with
 * replacement, then cases, the same cases in all runs.
 *
 * @param table - A row for each run, all of the same cases in the same order.
 */
export function twoLevelBootstrap(
  table: readonly (readonly number[])[],
  { resamples = RESAMPLES, seed = 0, level = 0.95 }: ResampleOpts = {},
): Interval {
  const rows = table.length;
  const columns = table[0].length;
  const rng = createRng(seed);
  const means = new Float64Array(resamples);
  const times = new Float64Array(columns);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let n = 0; n < columns; n++) times[rng.int(0, columns - 1)]++;
    let sum = 0;
    for (let n = 0; n < rows; n++) {
      const row = table[rng.int(0, rows - 1)];
      for (let c = 0; c < columns; c++) sum += times[c] * row[c];
    }
    means[r] = sum / (rows * columns);
  }
  return percentiles(means.sort(), (1 - level) / 2, (1 + level) / 2, level);
}

/**
 * Bias-corrected and accelerated interval of a mean (Efron 1987), as scipy.stats.bootstrap(method='BCa') has it. A point where
 * all values are the same.
 */
export function bcaInterval(
  values: readonly number[],
  { resamples = RESAMPLES, seed = 0, level = 0.95 }: ResampleOpts = {},
): Interval {
  const n = values.length;
  const center = mean(values);
  if (values.every((value) => value === values[0])) return { low: center, high: center, level };
  const rng = createRng(seed);
  const means = new Float64Array(resamples);
  let below = 0;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += values[rng.int(0, n - 1)];
    means[r] = sum / n;
    // A tie counts as half.
    below += means[r] < center ? 1 : means[r] === center ? 0.5 : 0;
  }
  const bias = jstat.normal.inv(below / resamples, 0, 1);
  const acceleration = accelerationOf(values, center);
  const corrected = (p: number): number => {
    const z = bias + jstat.normal.inv(p, 0, 1);
    return jstat.normal.cdf(bias + z / (1 - acceleration * z), 0, 1);
  };
  return percentiles(means.sort(), corrected((1 - level) / 2), corrected((1 + level) / 2), level);
}

/** Percentile interval of the mean of one sample. */
export function bootstrapInterval(
  values: readonly number[],
  { resamples = RESAMPLES, seed = 0, level = 0.95 }: ResampleOpts = {},
): Interval {
  return twoLevelBootstrap([values], { resamples, seed, level });
}

/** From the means of all values but one. */
function accelerationOf(values: readonly number[], center: number): number {
  let cubes = 0;
  let squares = 0;
  for (const value of values) {
    const influence = (value - center) / (values.length - 1);
    cubes += influence ** 3;
    squares += influence ** 2;
  }
  return cubes / (6 * squares ** 1.5);
}

function percentiles(sorted: Float64Array, low: number, high: number, level: number): Interval {
  return { low: quantileOfSorted(sorted, low), high: quantileOfSorted(sorted, high), level };
}
