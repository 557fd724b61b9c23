import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { maskSpectrum } from './fourier.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawInteger, drawRange } from './range.js';

/** Options of `ghosting`. */
export interface GhostingOpts extends IntensityOpts {
  /** Number of ghosts. @defaultValue [4, 10] */
  ghosts?: Range;
  /** Axes along which they may lie. @defaultValue [0, 1, 2] */
  axes?: readonly (0 | 1 | 2)[];
  /** How much of every so many planes of the spectrum is lost, 0…1 or more. @defaultValue [0.5, 1] */
  intensity?: Range;
  /** Part of the spectrum's middle that is kept, 0…1; null: its middle plane. @defaultValue null */
  restore?: Range | null;
}

/** Ghosting of one channel. */
export interface GhostingFactors {
  ghosts: number;
  axis: 0 | 1 | 2;
  intensity: number;
  restore: number | null;
}

/** What each plane of the spectrum is multiplied by, frequency 0 in the middle. */
function maskOf({ ghosts, intensity, restore }: GhostingFactors, n: number): Float64Array {
  const mask = Float64Array.from({ length: n }, (_, i) => (i % ghosts === 0 ? 1 - intensity : 1));
  const middle = Math.floor(n / 2);
  if (restore === null) mask[middle] = 1;
  else {
    const half = Math.floor(Math.round(restore * n) / 2);
    mask.fill(1, Math.max(0, middle - half), middle + half);
  }
  return mask;
}

/** Ghosts of a moving body along an axis: planes of the spectrum at equal distances lose strength (TorchIO's RandomGhosting). */
export function ghosting(
  options: GhostingOpts = {},
): Augmentation<ChannelFactors<GhostingFactors>, GhostingOpts> {
  const opts = {
    ghosts: [4, 10] as const,
    axes: [0, 1, 2] as const,
    intensity: [0.5, 1] as const,
    restore: null,
    ...options,
  };
  checkSpan(opts.ghosts, 'ghosting: ghosts', 0);
  checkSpan(opts.intensity, 'ghosting: intensity', 0);
  const { restore } = opts;
  if (restore !== null) checkSpan(restore, 'ghosting: restore', 0, 1);
  if (opts.axes.length === 0) throw new TransformsError('option', 'ghosting: axes is empty.');
  return definePerChannel<GhostingFactors, GhostingFactors, GhostingOpts>({
    name: 'ghosting',
    opts,
    draw: (rng) => ({
      ghosts: drawInteger(rng, opts.ghosts),
      axis: opts.axes[rng.int(0, opts.axes.length - 1)],
      intensity: drawRange(rng, opts.intensity),
      restore: restore === null ? null : drawRange(rng, restore),
    }),
    complete: same,
    run(stage, layer, factors) {
      if (factors.ghosts === 0 || factors.intensity === 0) return;
      stage.settleClamp(layer);
      const mask = maskOf(factors, stage.shape[factors.axis]);
      maskSpectrum(stage, layer, factors.axis, mask, layer.at, false);
      stage.touch(layer);
    },
  });
}
