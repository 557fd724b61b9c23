import type { FlipFactors, Transform, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { defineTransform } from './define-transform.js';
import { checkCount, checkRate } from './rate.js';

/** Options of `flip`. */
export interface FlipOpts extends VolumeOpts {
  /** Probability of a first flip, and of one more after each. @defaultValue 0.4 */
  rate?: number;
  /** At most so many flips. @defaultValue 3 */
  maxFlips?: number;
  /**
   * What each flip chooses from, evenly; 'none' is a flip that does nothing.
   *
   * The reference code chooses from the first three axes of a channel-first array, so that one
   * flip in three reverses the only channel, which changes nothing, and z is never reversed. The
   * default is the same; `[0, 1, 2]` is what the paper says.
   *
   * @defaultValue ['none', 0, 1]
   */
  axes?: readonly (0 | 1 | 2 | 'none')[];
}

/** Reverses random axes (Models Genesis, section 3.2; reference rates). */
export function flip(options: FlipOpts = {}): Transform<FlipFactors, FlipOpts> {
  const opts = { rate: 0.4, maxFlips: 3, axes: ['none', 0, 1] as const, ...options };
  checkRate(opts.rate, 'flip: rate');
  checkCount(opts.maxFlips, 0, 'flip: maxFlips');
  if (opts.axes.length === 0) throw new TransformsError('option', 'flip: axes is empty.');
  return defineTransform<FlipFactors, FlipOpts>({
    name: 'flip',
    opts,
    draw(rng) {
      const axes: (0 | 1 | 2)[] = [];
      for (let n = 0; n < opts.maxFlips && rng.uniform() < opts.rate; n++) {
        const axis = opts.axes[rng.int(0, opts.axes.length - 1)];
        if (axis !== 'none') axes.push(axis);
      }
      return { axes };
    },
    start: 'unset',
    deform: (workspace, factors) => workspace.flip(reversed(factors)),
  });
}

/** The axes that are reversed in the end, one bit each: 1 for x, 2 for y, 4 for z. */
export function reversed({ axes }: FlipFactors): number {
  let bits = 0;
  for (const axis of axes) {
    if (axis !== 0 && axis !== 1 && axis !== 2) {
      throw new TransformsError('factors', `flip: ${axis} is not an axis; use 0, 1 or 2.`);
    }
    bits ^= 1 << axis;
  }
  return bits;
}
