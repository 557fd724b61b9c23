import { checkRate } from '../deformations/rate.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { thenClamp } from './mapping.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';

/** Options of `sharpening`. */
export interface SharpeningOpts extends IntensityOpts {
  /** @defaultValue [0.1, 0.5] */
  strength?: Range;
  /** Probability that the result is cut to the channel's smallest and largest value before. @defaultValue 0 */
  clampRate?: number;
}

/** Sharpening of one channel. */
export interface SharpeningFactors {
  strength: number;
  clamp: boolean;
}

/** Adds strength times what a voxel differs from its six neighbors (batchgeneratorsv2's SharpeningTransform). */
export function sharpening(
  options: SharpeningOpts = {},
): Augmentation<ChannelFactors<SharpeningFactors>, SharpeningOpts> {
  const opts = { strength: [0.1, 0.5] as const, clampRate: 0, ...options };
  checkSpan(opts.strength, 'sharpening: strength');
  checkRate(opts.clampRate, 'sharpening: clampRate');
  return definePerChannel<SharpeningFactors, SharpeningFactors, SharpeningOpts>({
    name: 'sharpening',
    opts,
    draw: (rng) => ({
      strength: drawRange(rng, opts.strength),
      clamp: rng.uniform() < opts.clampRate,
    }),
    complete: same,
    run(stage, layer, { strength, clamp }) {
      const [nx, ny, nz] = stage.shape;
      stage.settleClamp(layer);
      const bounds = clamp ? stage.stats(layer) : null;
      stage.scratch(() => {
        const room = stage.room(4 * (2 * ny * nz + nz + 16));
        void stage.kernels.heap.buffer;
        stage.kernels.run.sharpen(layer.at, nx, ny, nz, strength, room);
      });
      stage.touch(layer);
      if (bounds !== null) layer.map = thenClamp(layer.map, bounds.low, bounds.high);
    },
  });
}
