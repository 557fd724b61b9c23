import { type NumberArray, toCOrder } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { OptionError } from '../errors.js';

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
  return [toCOrder(target), toCOrder(prediction)];
}

/** Numbers of elements that are foreground. */
export interface ForegroundCounts {
  /** In both. */
  intersection: number;
  target: number;
  prediction: number;
  /** All elements, background too. */
  total: number;
}

/** Counts the foreground of a target (greater than 0.5) and of a prediction (greater than the threshold). */
export function countForeground(
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
  threshold: number,
): ForegroundCounts {
  // Predictions are float32, so the threshold must be rounded as they are.
  const limit = Math.fround(threshold);
  const counts = { intersection: 0, target: 0, prediction: 0, total: target.length };
  for (let i = 0; i < target.length; i++) {
    const inTarget = target[i] > 0.5;
    const inPrediction = prediction[i] > limit;
    if (inTarget) counts.target++;
    if (inPrediction) counts.prediction++;
    if (inTarget && inPrediction) counts.intersection++;
  }
  return counts;
}
