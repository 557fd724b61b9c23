import { type MetricInput, pairs } from './pairs.js';

/**
 * Part of samples classified rightly, in [0, 1]. With a last axis of 2 or more (rank ≥ 2) the
 * classes are compared by their largest value, otherwise each element at 0.5.
 */
export function accuracy(target: MetricInput, prediction: MetricInput): number {
  const [t, p] = pairs(target, prediction);
  const last = target.shape[target.shape.length - 1] ?? 1;
  const classes = target.shape.length >= 2 ? last : 1;
  const samples = t.length / classes;
  let right = 0;
  for (let i = 0; i < samples; i++) {
    const same =
      classes === 1
        ? t[i] > 0.5 === p[i] > 0.5
        : argmax(t, i * classes, classes) === argmax(p, i * classes, classes);
    if (same) right++;
  }
  return right / samples;
}

function argmax(values: ArrayLike<number>, start: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (values[start + i] > values[start + best]) best = i;
  return best;
}
