import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { thenClamp } from './mapping.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawFactor } from './range.js';

/** Options of `contrast`. */
export interface ContrastOpts extends IntensityOpts {
  /** What distances from the mean are multiplied by: below 1 as often as above. @defaultValue [0.75, 1.25] */
  factor?: Range;
  /** Cut to the channel's smallest and largest value before. @defaultValue true */
  keepRange?: boolean;
}

/** Contrast of one channel. */
export interface ContrastFactors {
  factor: number;
}

/** Moves values away from their channel's mean, or towards it. */
export function contrast(
  options: ContrastOpts = {},
): Augmentation<ChannelFactors<ContrastFactors>, ContrastOpts> {
  const opts = { factor: [0.75, 1.25] as const, keepRange: true, ...options };
  checkSpan(opts.factor, 'contrast: factor');
  return definePerChannel<ContrastFactors, ContrastFactors, ContrastOpts>({
    name: 'contrast',
    opts,
    draw: (rng) => ({ factor: drawFactor(rng, opts.factor) }),
    complete: same,
    run(stage, layer, { factor }) {
      const { mean, low, high } = stage.stats(layer);
      stage.scale(layer, factor, mean - factor * mean);
      if (opts.keepRange) layer.map = thenClamp(layer.map, low, high);
    },
  });
}
