import type { BezierCurve, BezierFactors, Transform, VolumeOpts } from '../api.js';
import { splitShape } from '../grid/grid.js';
import { defineTransform } from './define-transform.js';
import { mapIntensities } from './map-intensities.js';
import { checkRate } from './rate.js';

/** Options of `bezierIntensity`. */
export interface BezierIntensityOpts extends VolumeOpts {
  /** Probability that intensities are mapped at all. @defaultValue 0.9 */
  rate?: number;
  /** Probability that the map is increasing, else it is decreasing. @defaultValue 0.5 */
  increasingRate?: number;
  /** One curve for all channels, or one for each. @defaultValue 'shared' */
  curves?: 'shared' | 'per-channel';
}

/**
 * Maps intensities by a random cubic Bézier curve (Models Genesis, section 3.1, "non-linear
 * transformation").
 */
export function bezierIntensity(
  options: BezierIntensityOpts = {},
): Transform<BezierFactors, BezierIntensityOpts> {
  const opts = { rate: 0.9, increasingRate: 0.5, curves: 'shared' as const, ...options };
  checkRate(opts.rate, 'bezierIntensity: rate');
  checkRate(opts.increasingRate, 'bezierIntensity: increasingRate');
  return defineTransform<BezierFactors, BezierIntensityOpts>({
    name: 'bezier-intensity',
    opts,
    draw(rng, shape) {
      const { channels } = splitShape(shape, opts.channelAxis ?? 'last');
      if (rng.uniform() >= opts.rate) return { curves: [] };
      return {
        curves: Array.from({ length: opts.curves === 'shared' ? 1 : channels }, (): BezierCurve => {
          const points = [rng.uniform(), rng.uniform(), rng.uniform(), rng.uniform()] as const;
          return { points, increasing: rng.uniform() < opts.increasingRate };
        }),
      };
    },
    start: 'same',
    deform: (workspace, factors) => mapIntensities(workspace, factors, false),
  });
}
