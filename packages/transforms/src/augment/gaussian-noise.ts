import { drawSeed } from '@genesis/core';
import type { Noise } from '../api.js';
import { floats } from '../augment-kernels/views.js';
import { checkNoise } from '../deformations/boxes.js';
import { noiseStates } from '../kernels/noise.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import type { Layer } from './layer.js';
import { definePerChannel } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';
import type { Stage } from './stage.js';

/** Options of `gaussianNoise`. */
export interface GaussianNoiseOpts extends IntensityOpts {
  /** Standard deviation, in units of the image. @defaultValue [0, 0.1] */
  sigma?: Range;
}

/** Noise of one channel. */
export interface NoiseFactors {
  sigma: number;
  /** Standard normal numbers: a seed, or one for each voxel in C order. */
  noise: Noise;
}

/** Writes the states of the four generators of a noise to the heap. */
export function putStates(stage: Stage, noise: { seed: readonly [number, number] }): number {
  const at = stage.arguments + 128;
  new Int32Array(stage.kernels.heap.buffer, at, 16).set(noiseStates(noise.seed, 0));
  return at;
}

function addNoise(stage: Stage, layer: Layer, { sigma, noise }: NoiseFactors): void {
  const { heap, run } = stage.kernels;
  if ('seed' in noise) {
    const states = putStates(stage, noise);
    run.addNoise(layer.at, stage.size, stage.takeMap(layer), sigma, states);
  } else {
    checkNoise(noise.values, stage.size, 'gaussianNoise');
    stage.settle(layer);
    const values = floats(heap, layer.at, stage.size);
    for (let i = 0; i < values.length; i++) values[i] += sigma * noise.values[i];
  }
  stage.touch(layer);
}

/** Adds normal noise. Channels that are changed alike have one deviation, and each its own noise. */
export function gaussianNoise(
  options: GaussianNoiseOpts = {},
): Augmentation<ChannelFactors<NoiseFactors>, GaussianNoiseOpts> {
  const opts = { sigma: [0, 0.1] as const, ...options };
  checkSpan(opts.sigma, 'gaussianNoise: sigma', 0);
  return definePerChannel<number, NoiseFactors, GaussianNoiseOpts>({
    name: 'gaussian-noise',
    opts,
    draw: (rng) => drawRange(rng, opts.sigma),
    complete: (rng, sigma) => ({ sigma, noise: { seed: drawSeed(rng) } }),
    run: addNoise,
  });
}
