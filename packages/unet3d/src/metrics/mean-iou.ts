import { countForeground, type MetricInput, pairs } from './pairs.js';

/** How `meanIou` averages. */
export interface MeanIouOpts {
  /** Default 0.5, 0.55, …, 0.95. */
  thresholds?: number[];
  /** `both` (default, the reference's): mean of foreground's and background's IoU; or `foreground` alone. */
  classes?: 'both' | 'foreground';
}

const THRESHOLDS = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i);

/**
 * IoU of a probability map with a mask, averaged over thresholds: the reference's segmentation
 * score. A class that neither has is left out of the mean.
 */
export function meanIou(
  target: MetricInput,
  prediction: MetricInput,
  opts: MeanIouOpts = {},
): number {
  const { thresholds = THRESHOLDS, classes = 'both' } = opts;
  const [t, p] = pairs(target, prediction);
  const scores = thresholds.map((threshold) => {
    const counts = countForeground(t, p, threshold);
    const { intersection, total } = counts;
    const union = counts.target + counts.prediction - intersection;
    const foreground = union === 0 ? [] : [intersection / union];
    // Outside the union is exactly what both call background.
    const background = total === intersection ? [] : [(total - union) / (total - intersection)];
    const present = classes === 'both' ? [...foreground, ...background] : foreground;
    return present.length === 0 ? 1 : present.reduce((a, b) => a + b, 0) / present.length;
  });
  return scores.reduce((a, b) => a + b, 0) / scores.length;
}
