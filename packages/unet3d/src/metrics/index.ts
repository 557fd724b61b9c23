export { accuracy } from './accuracy.js';
export { auc } from './auc.js';
export { dice, type OverlapOpts } from './dice.js';
export { type HausdorffOpts, hausdorff95 } from './hausdorff95.js';
export { iou } from './iou.js';
export { type MeanIouOpts, meanIou } from './mean-iou.js';
export type { MetricInput } from './pairs.js';
