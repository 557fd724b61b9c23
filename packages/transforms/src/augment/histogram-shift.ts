import { floats } from '../augment-kernels/views.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { IDENTITY } from './mapping.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawInteger, drawRange } from './range.js';

/** Options of `histogramShift`. */
export interface HistogramShiftOpts extends IntensityOpts {
  /** Number of control points, 3 or more; fewer allow larger shifts. @defaultValue 10 */
  points?: Range;
}

/** Histogram shift of one channel. */
export interface HistogramShiftFactors {
  /** What intensities at equal distances from 0 to 1 become, on the channel's own scale from its smallest to its largest value. */
  points: readonly number[];
}

/** Maps intensities by a random rising polygon that keeps the smallest and the largest value (MONAI's RandHistogramShift). */
export function histogramShift(
  options: HistogramShiftOpts = {},
): Augmentation<ChannelFactors<HistogramShiftFactors>, HistogramShiftOpts> {
  const opts = { points: 10, ...options };
  checkSpan(opts.points, 'histogramShift: points', 3);
  return definePerChannel<HistogramShiftFactors, HistogramShiftFactors, HistogramShiftOpts>({
    name: 'histogram-shift',
    opts,
    draw(rng) {
      const count = drawInteger(rng, opts.points);
      const points = Array.from({ length: count }, (_, i) => i / (count - 1));
      for (let i = 1; i < count - 1; i++)
        points[i] = drawRange(rng, [points[i - 1], points[i + 1]]);
      return { points };
    },
    complete: same,
    run(stage, layer, { points }) {
      if (points.length < 2) {
        throw new TransformsError(
          'factors',
          'histogramShift: two control points or more are needed.',
        );
      }
      const { low, high } = stage.stats(layer);
      if (high <= low) return;
      stage.settle(layer);
      const cells = points.length - 1;
      const { heap, run } = stage.kernels;
      stage.scratch(() => {
        const at = stage.put(points);
        const job = stage.arguments;
        const scale = cells / (high - low);
        floats(heap, job, 4).set([scale, -low * scale, high - low, low]);
        run.piecewise(layer.at, stage.size, at, cells, job);
      });
      layer.map = IDENTITY;
      stage.touch(layer);
    },
  });
}
