import type { NumberArray } from '@genesis/core';
import type { Histogram } from './event.js';

const BUCKETS = 30;

/** A histogram of finite values in ranges of equal width between the least and the largest; undefined when there are none. */
export function histogram(values: NumberArray): Histogram | undefined {
  if (values.length === 0) return undefined;
  let [min, max, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
  }
  const buckets = max > min ? BUCKETS : 1;
  const width = (max - min) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  for (const value of values) {
    counts[width > 0 ? Math.min(buckets - 1, Math.floor((value - min) / width)) : 0]++;
  }
  const limits = counts.map((_, n) => (n === buckets - 1 ? max : min + (n + 1) * width));
  // TensorBoard takes the first range to begin at its lower end: an empty one below says where that is.
  return {
    min,
    max,
    count: values.length,
    sum,
    sumOfSquares,
    limits: [min, ...limits],
    counts: [0, ...counts],
  };
}
