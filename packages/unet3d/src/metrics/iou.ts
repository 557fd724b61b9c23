import type { OverlapOpts } from './dice.js';
import { countForeground, type MetricInput, pairs } from './pairs.js';

/** Intersection over union |A∩B| / |A∪B| of two masks or probability maps of the same shape, in [0, 1]. */
export function iou(target: MetricInput, prediction: MetricInput, opts: OverlapOpts = {}): number {
  const { threshold = 0.5, empty = 1 } = opts;
  const counts = countForeground(...pairs(target, prediction), threshold);
  const union = counts.target + counts.prediction - counts.intersection;
  return union === 0 ? empty : counts.intersection / union;
}
