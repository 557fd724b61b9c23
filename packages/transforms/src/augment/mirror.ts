import type { FlipFactors } from '../api.js';
import { reversed } from '../deformations/flip.js';
import { checkRate } from '../deformations/rate.js';
import type { Augmentation, ChannelOpts } from './api.js';
import { defineAugmentation } from './define.js';

/** Options of `mirror`. */
export interface MirrorOpts extends ChannelOpts {
  /** Which axes may be reversed. @defaultValue [0, 1, 2] */
  axes?: readonly (0 | 1 | 2)[];
  /** Probability of each of them. @defaultValue 0.5 */
  rate?: number;
}

/** Reverses axes, of image, label and riders. */
export function mirror(options: MirrorOpts = {}): Augmentation<FlipFactors, MirrorOpts> {
  const opts = { axes: [0, 1, 2] as const, rate: 0.5, ...options };
  checkRate(opts.rate, 'mirror: rate');
  reversed({ axes: opts.axes });
  return defineAugmentation<FlipFactors, MirrorOpts>({
    name: 'mirror',
    opts,
    draw: (rng) => ({ axes: opts.axes.filter(() => rng.uniform() < opts.rate) }),
    run(stage, factors) {
      const axes = reversed(factors);
      if (axes === 0) return;
      for (const field of stage.fields)
        for (const layer of stage.layersOf(field)) layer.mirror(axes);
      for (const { values } of stage.points) {
        for (let i = 0; i < values.length; i++) {
          if ((axes >> (i % 3)) & 1) values[i] = stage.shape[i % 3] - 1 - values[i];
        }
      }
    },
  });
}
