import { doubles, floats, words } from '../augment-kernels/views.js';
import { checkRate } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import type { Layer, Stats } from './layer.js';
import { IDENTITY, isLinear } from './mapping.js';
import { definePerChannel, same } from './per-channel.js';
import { powerTable } from './power-table.js';
import { checkSpan, drawFactor } from './range.js';
import { momentsOf, type Stage } from './stage.js';

/** Options of `gamma`. */
export interface GammaOpts extends IntensityOpts {
  /** Exponent, above 0: below 1 as often as above. @defaultValue [0.7, 1.5] */
  gamma?: Range;
  /** Probability that it is done on the inverted values. @defaultValue 0 */
  invertRate?: number;
  /** Probability that mean and standard deviation are given back. @defaultValue 1 */
  keepStatsRate?: number;
}

/** Gamma of one channel. */
export interface GammaFactors {
  gamma: number;
  invert: boolean;
  keepStats: boolean;
}

const SMALL = 1e-7;

/** Raises values to a power on the channel's own scale from 0 to 1. */
function raise(stage: Stage, layer: Layer, gamma: number, { low, high }: Stats): void {
  if (!(gamma > 0 && Number.isFinite(gamma))) {
    throw new TransformsError('factors', `gamma: the exponent is ${gamma}.`);
  }
  const { heap, run } = stage.kernels;
  const range = high - low;
  const toUnit = 1 / Math.max(range, SMALL);
  const { scale, shift } = layer.map;
  const { bits, first, last, lines } = powerTable(gamma);
  const { at } = layer;
  stage.scratch(() => {
    const cells = stage.put(lines);
    const job = stage.arguments + 64;
    floats(heap, job, 2).set([scale * toUnit, (shift - low) * toUnit]);
    words(heap, job + 8, 3).set([bits, first, last]);
    run.gamma(at, stage.size, job, cells, stage.arguments);
  });
  const [sum, square] = doubles(heap, stage.arguments, 2);
  const top = range > 0 ? 1 : 0;
  layer.stats = { low: 0, high: top, ...momentsOf(sum, square, 0, stage.size) };
  layer.map = { ...IDENTITY, scale: range, shift: low };
}

/**
 * Raises values to a power, on the channel's own scale from its smallest to its largest value (batchgenerators'
 * GammaTransform).
 */
export function gamma(
  options: GammaOpts = {},
): Augmentation<ChannelFactors<GammaFactors>, GammaOpts> {
  const opts = { gamma: [0.7, 1.5] as const, invertRate: 0, keepStatsRate: 1, ...options };
  checkSpan(opts.gamma, 'gamma: gamma', Number.MIN_VALUE);
  checkRate(opts.invertRate, 'gamma: invertRate');
  checkRate(opts.keepStatsRate, 'gamma: keepStatsRate');
  return definePerChannel<GammaFactors, GammaFactors, GammaOpts>({
    name: 'gamma',
    opts,
    draw: (rng) => ({
      gamma: drawFactor(rng, opts.gamma),
      invert: rng.uniform() < opts.invertRate,
      keepStats: rng.uniform() < opts.keepStatsRate,
    }),
    complete: same,
    run(stage, layer, { gamma: power, invert, keepStats }) {
      if (!isLinear(layer.map)) stage.settle(layer);
      if (invert) stage.scale(layer, -1, 0);
      const before = stage.stats(layer);
      raise(stage, layer, power, before);
      if (keepStats) {
        const after = stage.stats(layer);
        const scale = before.deviation / Math.max(after.deviation, SMALL);
        stage.scale(layer, scale, before.mean - scale * after.mean);
      }
      if (invert) stage.scale(layer, -1, 0);
    },
  });
}
