import type { Shape3 } from '../api.js';
import { checkRate } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import { splitShape } from '../grid/grid.js';
import type { Augmentation, ChannelOpts } from './api.js';
import { defineAugmentation } from './define.js';
import type { Stage } from './stage.js';

/** Options of `transposition`. */
export interface TranspositionOpts extends ChannelOpts {
  /** Which axes may change places; they must be equally long. @defaultValue [0, 1, 2] */
  axes?: readonly (0 | 1 | 2)[];
  /** Probability that they are put in a new order (which may be the old one). @defaultValue 1 */
  rate?: number;
}

/** Factors of `transposition`. */
export interface TranspositionFactors {
  /** Axis k of the result is axis `order[k]` of the image. */
  order: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
}

function move(stage: Stage, { order }: TranspositionFactors): void {
  if ([0, 1, 2].some((axis) => !order.includes(axis as 0 | 1 | 2))) {
    throw new TransformsError(
      'factors',
      `transposition: [${order.join(', ')}] is no order of the axes.`,
    );
  }
  if (order.every((axis, k) => axis === k)) return;
  const of = (values: readonly number[]): Shape3 => [
    values[order[0]],
    values[order[1]],
    values[order[2]],
  ];
  const shape = of(stage.shape);
  for (const field of stage.fields)
    for (const layer of stage.layersOf(field))
      layer.transpose(order, stage.room(layer.bytes * stage.size));
  for (const { values } of stage.points) {
    for (let i = 0; i < values.length; i += 3) values.set(of([...values.subarray(i, i + 3)]), i);
  }
  stage.shape = shape;
}

/** Lets axes change places, of image, label and riders (batchgeneratorsv2's TransposeAxesTransform). */
export function transposition(
  options: TranspositionOpts = {},
): Augmentation<TranspositionFactors, TranspositionOpts> {
  const opts = { axes: [0, 1, 2] as const, rate: 1, ...options };
  checkRate(opts.rate, 'transposition: rate');
  return defineAugmentation<TranspositionFactors, TranspositionOpts>({
    name: 'transposition',
    opts,
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, opts.channelAxis ?? 'last');
      const order: [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2] = [0, 1, 2];
      const places = [...opts.axes].sort();
      if (new Set(places.map((axis) => shape[axis])).size > 1) {
        throw new TransformsError(
          'shape',
          `transposition: axes ${places.join(', ')} of ${shape.join('×')} voxels are not equally long.`,
          { shape },
        );
      }
      if (rng.uniform() >= opts.rate) return { order };
      const axes = [...places];
      for (let i = axes.length - 1; i > 0; i--) {
        const j = rng.int(0, i);
        [axes[i], axes[j]] = [axes[j], axes[i]];
      }
      for (const [i, place] of places.entries()) order[place] = axes[i];
      return { order };
    },
    outShape(fullShape, { order }) {
      const { shape } = splitShape(fullShape, opts.channelAxis ?? 'last');
      const moved = order.map((axis) => shape[axis]);
      if (fullShape.length === 3) return moved;
      return opts.channelAxis === 'first' ? [fullShape[0], ...moved] : [...moved, fullShape[3]];
    },
    run: move,
  });
}
