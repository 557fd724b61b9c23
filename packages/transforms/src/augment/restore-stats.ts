import type { Layer, Stats } from './layer.js';
import type { Stage } from './stage.js';

/** Gives a channel back the mean and the standard deviation that it had. */
export function restoreStats(stage: Stage, layer: Layer, wanted: Stats): void {
  const now = stage.stats(layer);
  const scale = now.deviation > 0 ? wanted.deviation / Math.max(now.deviation, 1e-7) : 0;
  stage.scale(layer, scale, wanted.mean - scale * now.mean);
}
