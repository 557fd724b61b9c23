import type { Rng } from '@genesis/core';
import { checkRate } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import { splitShape } from '../grid/grid.js';
import type { Augmentation, ChannelFactors, IntensityOpts } from './api.js';
import { defineAugmentation } from './define.js';
import type { Layer } from './layer.js';
import type { Stage } from './stage.js';

interface Definition<S, F, O> {
  name: string;
  opts: O;
  /** What channels that are changed alike have in common. */
  draw(rng: Rng, shape: readonly number[]): S;
  /** The factors of one channel. */
  complete(rng: Rng, shared: S): F;
  /** Changes one channel. */
  run(stage: Stage, layer: Layer, factors: F): void;
}

/** Makes an augmentation of intensities, which treats each channel by itself. */
export function definePerChannel<S, F, O extends IntensityOpts>(
  definition: Definition<S, F, O>,
): Augmentation<ChannelFactors<F>, O> {
  const { name, opts, draw, complete, run } = definition;
  const rate = checkRate(opts.rate ?? 1, `${name}: rate`);
  const channelRate = checkRate(opts.channelRate ?? 1, `${name}: channelRate`);
  return defineAugmentation<ChannelFactors<F>, O>({
    name,
    opts,
    draw(rng, fullShape) {
      const { shape, channels } = splitShape(fullShape, opts.channelAxis ?? 'last');
      if (rng.uniform() >= rate) return { channels: Array.from({ length: channels }, () => null) };
      const alike = opts.channels === 'alike' ? draw(rng, shape) : null;
      return {
        channels: Array.from({ length: channels }, () =>
          rng.uniform() < channelRate ? complete(rng, alike ?? draw(rng, shape)) : null,
        ),
      };
    },
    run(stage, factors) {
      const count = stage.fields[0].source.planes.length;
      if (factors.channels.length !== count) {
        throw new TransformsError(
          'factors',
          `${name}: factors for ${factors.channels.length} channels; the image has ${count}.`,
          { channels: count },
        );
      }
      for (const [c, own] of factors.channels.entries()) {
        if (own !== null) run(stage, stage.channels[c], own);
      }
    },
  });
}

/** For factors that need nothing of their own beside what channels share. */
export const same = <S>(_: Rng, shared: S): S => shared;
