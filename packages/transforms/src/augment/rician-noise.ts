import { drawSeed } from '@genesis/core';
import { floats } from '../augment-kernels/views.js';
import { checkNoise } from '../deformations/boxes.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { type NoiseFactors, putStates } from './gaussian-noise.js';
import { definePerChannel } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';
import { restoreStats } from './restore-stats.js';

/** Options of `ricianNoise`. */
export interface RicianNoiseOpts extends IntensityOpts {
  /** Standard deviation of the noise in each of the two parts, in units of the image. @defaultValue [0, 0.1] */
  sigma?: Range;
}

/**
 * The noise of magnetic resonance magnitudes: the voxel is a complex number of which both parts have normal noise. Done on
 * values above the channel's smallest; mean and standard deviation are kept (as batchgeneratorsv2's RicianNoiseTransform).
 * Noise that is given has two numbers for each voxel, the real parts of all voxels first.
 */
export function ricianNoise(
  options: RicianNoiseOpts = {},
): Augmentation<ChannelFactors<NoiseFactors>, RicianNoiseOpts> {
  const opts = { sigma: [0, 0.1] as const, ...options };
  checkSpan(opts.sigma, 'ricianNoise: sigma', 0);
  return definePerChannel<number, NoiseFactors, RicianNoiseOpts>({
    name: 'rician-noise',
    opts,
    draw: (rng) => drawRange(rng, opts.sigma),
    complete: (rng, sigma) => ({ sigma, noise: { seed: drawSeed(rng) } }),
    run(stage, layer, { sigma, noise }) {
      const { heap, run } = stage.kernels;
      const { size } = stage;
      const before = stage.stats(layer);
      if ('seed' in noise) {
        const states = putStates(stage, noise);
        run.addRician(layer.at, size, stage.takeMap(layer), before.low, sigma, states);
      } else {
        checkNoise(noise.values, 2 * size, 'ricianNoise');
        stage.settle(layer);
        const values = floats(heap, layer.at, size);
        for (let i = 0; i < size; i++) {
          const real = values[i] - before.low + sigma * noise.values[i];
          values[i] = Math.hypot(real, sigma * noise.values[size + i]) + before.low;
        }
      }
      stage.touch(layer);
      restoreStats(stage, layer, before);
    },
  });
}
