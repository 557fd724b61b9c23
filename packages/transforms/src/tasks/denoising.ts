import { drawSeed } from '@genesis/core';
import type { Noise, ProxyTask, VolumeOpts } from '../api.js';
import { checkNoise } from '../deformations/boxes.js';
import { TransformsError } from '../errors.js';
import { defineTask } from './define-task.js';

/** Options of `denoising`. */
export interface DenoisingOpts extends VolumeOpts {
  /** Smallest and largest standard deviation of the noise. @defaultValue [0.1, 0.1] */
  sigma?: readonly [number, number];
}

/** What `denoising` draws. */
export interface DenoisingFactors {
  sigma: number;
  /** Standard normal noise: a seed, or the values, channel by channel in C order. */
  noise: Noise;
}

/**
 * De-noising auto-encoder (Vincent et al., JMLR 2010): Gaussian noise is added to the input, which
 * is then cut to 0…1, the range of the data.
 */
export function denoising(options: DenoisingOpts = {}): ProxyTask<DenoisingFactors> {
  const [low, high] = options.sigma ?? [0.1, 0.1];
  if (!(low >= 0 && low <= high && Number.isFinite(high))) {
    throw new TransformsError(
      'option',
      `denoising: sigma is ${low}…${high}; give two numbers in order.`,
    );
  }
  return defineTask<DenoisingFactors>({
    name: 'denoising',
    opts: options,
    draw: (rng) => ({ sigma: low + (high - low) * rng.uniform(), noise: { seed: drawSeed(rng) } }),
    start: 'unset',
    deform(workspace, { sigma, noise }) {
      if ('seed' in noise) {
        workspace.addNormal(sigma, noise.seed);
        return undefined;
      }
      const { original, result } = workspace;
      checkNoise(noise.values, result.length, 'denoising');
      for (let i = 0; i < result.length; i++) {
        result[i] = Math.min(Math.max(original[i] + sigma * noise.values[i], 0), 1);
      }
      return undefined;
    },
  });
}
