import type { NumberArray } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { OptionError } from '../errors.js';
import { compactData } from '../tensor/compact-data.js';

/** An array that a metric accepts, any shape. */
export type MetricInput = NdArray<NumberArray>;

/** The elements of both arrays in the same order. @throws OptionError when the shapes differ. */
export function pairs(target: MetricInput, prediction: MetricInput): [NumberArray, NumberArray] {
  if (target.shape.join() !== prediction.shape.join()) {
    throw new OptionError(
      'prediction',
      `Target [${target.shape}] and prediction [${prediction.shape}] have different shapes.`,
    );
  }
  return [compactData(target), compactData(prediction)];
}

/** Counts of a binary comparison at thresholds: a value counts as foreground when it is greater. */
export interface Overlap {
  both: number;
  target: number;
  prediction: number;
  total: number;
}

export function overlap(
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
  threshold: number,
): Overlap {
  // Predictions are float32, so the threshold must be rounded as they are.
  const limit = Math.fround(threshold);
  const counts = { both: 0, target: 0, prediction: 0, total: target.length };
  for (let i = 0; i < target.length; i++) {
    const t = target[i] > 0.5;
    const p = prediction[i] > limit;
    if (t) counts.target++;
    if (p) counts.prediction++;
    if (t && p) counts.both++;
  }
  return counts;
}
