import { countForeground, type MetricInput, pairs } from './pairs.js';

/** How `dice` and `iou` decide. */
export interface OverlapOpts {
  /** The prediction is foreground where it is greater, default 0.5. */
  threshold?: number;
  /** Result when target and prediction are both empty, default 1. */
  empty?: number;
}

/** Dice coefficient 2|A∩B| / (|A| + |B|) of two masks or probability maps of the same shape, in [0, 1]. */
export function dice(target: MetricInput, prediction: MetricInput, opts: OverlapOpts = {}): number {
  const { threshold = 0.5, empty = 1 } = opts;
  const counts = countForeground(...pairs(target, prediction), threshold);
  const sum = counts.target + counts.prediction;
  return sum === 0 ? empty : (2 * counts.intersection) / sum;
}
