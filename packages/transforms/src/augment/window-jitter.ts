import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { thenClamp } from './mapping.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';

/** Options of `windowJitter`. */
export interface WindowJitterOpts extends IntensityOpts {
  /** Middle of the window, in units of the image (Hounsfield units for CT). @defaultValue [30, 50] */
  center?: Range;
  /** Its width, above 0. @defaultValue [300, 500] */
  width?: Range;
  /** What the ends of the window become. @defaultValue [0, 1] */
  output?: readonly [number, number];
}

/** Window of one channel. */
export interface WindowJitterFactors {
  center: number;
  width: number;
}

/** Cuts values to a window that varies and maps it to a range: for CT (as SimpleITK's IntensityWindowing). */
export function windowJitter(
  options: WindowJitterOpts = {},
): Augmentation<ChannelFactors<WindowJitterFactors>, WindowJitterOpts> {
  const opts = {
    center: [30, 50] as const,
    width: [300, 500] as const,
    output: [0, 1] as const,
    ...options,
  };
  checkSpan(opts.center, 'windowJitter: center');
  checkSpan(opts.width, 'windowJitter: width', Number.MIN_VALUE);
  checkSpan(opts.output, 'windowJitter: output');
  return definePerChannel<WindowJitterFactors, WindowJitterFactors, WindowJitterOpts>({
    name: 'window-jitter',
    opts,
    draw: (rng) => ({ center: drawRange(rng, opts.center), width: drawRange(rng, opts.width) }),
    complete: same,
    run(stage, layer, { center, width }) {
      if (!(width > 0)) throw new TransformsError('factors', `windowJitter: width is ${width}.`);
      const [low, high] = opts.output;
      const scale = (high - low) / width;
      stage.scale(layer, scale, low - (center - width / 2) * scale);
      layer.map = thenClamp(layer.map, low, high);
    },
  });
}
