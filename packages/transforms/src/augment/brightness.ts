import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawFactor, drawRange } from './range.js';

/** Options of `brightness`. */
export interface BrightnessOpts extends IntensityOpts {
  /** What values are multiplied by: below 1 as often as above. @defaultValue [0.75, 1.25] */
  factor?: Range;
  /** What is added then, in units of the image. @defaultValue 0 */
  shift?: Range;
}

/** Brightness of one channel. */
export interface BrightnessFactors {
  factor: number;
  shift: number;
}

/** Multiplies the values and adds to them. */
export function brightness(
  options: BrightnessOpts = {},
): Augmentation<ChannelFactors<BrightnessFactors>, BrightnessOpts> {
  const opts = { factor: [0.75, 1.25] as const, shift: 0, ...options };
  checkSpan(opts.factor, 'brightness: factor');
  checkSpan(opts.shift, 'brightness: shift');
  return definePerChannel<BrightnessFactors, BrightnessFactors, BrightnessOpts>({
    name: 'brightness',
    opts,
    draw: (rng) => ({ factor: drawFactor(rng, opts.factor), shift: drawRange(rng, opts.shift) }),
    complete: same,
    run: (stage, layer, { factor, shift }) => stage.scale(layer, factor, shift),
  });
}
