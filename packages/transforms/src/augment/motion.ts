import type { Shape3 } from '../api.js';
import { checkCount } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { maskSpectrum } from './fourier.js';
import type { Layer } from './layer.js';
import { IDENTITY } from './mapping.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';
import { rotationMatrix } from './spatial/geometry.js';
import { resample } from './spatial/resample.js';
import type { Stage } from './stage.js';

/** Options of `motion`. */
export interface MotionOpts extends IntensityOpts {
  /** Number of movements. @defaultValue 2 */
  movements?: number;
  /** Angle of a movement about each axis in radians. @defaultValue [-π/18, π/18] */
  angle?: Range;
  /** Movement along each axis in voxels. @defaultValue [-10, 10] */
  translation?: Range;
  /** Axes along which the spectrum may be acquired. @defaultValue [2] */
  axes?: readonly (0 | 1 | 2)[];
}

/** One position of the body. */
export interface Movement {
  /** When it begins: 0…1 of the acquisition. */
  time: number;
  /** Radians, about x, then y, then z. */
  angles: Shape3;
  /** Voxels. */
  translation: Shape3;
}

/** Motion of one channel. */
export interface MotionFactors {
  axis: 0 | 1 | 2;
  /** About which the body turns, in voxels; null: the volume's middle. */
  center: Shape3 | null;
  /** In the order of their times. */
  movements: readonly Movement[];
}

/** The layer as it looks after a movement. */
function moved(stage: Stage, layer: Layer, movement: Movement, about: Shape3, fill: number): Layer {
  const { shape } = stage;
  const matrix = rotationMatrix(movement.angles);
  // Turned about `about` instead of the middle of the volume.
  const away = shape.map((n, axis) => (n - 1) / 2 - about[axis]);
  const along = (axis: number): number =>
    about[axis] +
    matrix[3 * axis] * away[0] +
    matrix[3 * axis + 1] * away[1] +
    matrix[3 * axis + 2] * away[2] +
    movement.translation[axis];
  const geometry = {
    shape,
    matrix,
    middle: [along(0), along(1), along(2)] as const,
    elastic: null,
  };
  const item = { from: { layer }, bytes: 4 as const, sampling: 1 as const, fill };
  return resample(stage, geometry, shape, 'constant', [item])[0];
}

/**
 * The body moves while the spectrum is acquired plane by plane along an axis: each part of the spectrum is that of another
 * position, and its middle that of the image as it is (Shaw et al., 2019; TorchIO's RandomMotion).
 */
function acquire(stage: Stage, layer: Layer, { axis, center, movements }: MotionFactors): void {
  const { shape } = stage;
  const n = shape[axis];
  const times = movements.map(({ time }) => time);
  if (times.some((time, i) => !(time >= 0 && time <= 1 && time >= (times[i - 1] ?? 0)))) {
    throw new TransformsError(
      'factors',
      `motion: times ${times.join(', ')} are not in order in 0…1.`,
    );
  }
  stage.settle(layer);
  const fill = stage.stats(layer).low;
  const about: Shape3 = center ?? [(shape[0] - 1) / 2, (shape[1] - 1) / 2, (shape[2] - 1) / 2];
  // The part with the middle of the spectrum is the image as it is.
  const still = times.some((time) => time > 0.5)
    ? times.findIndex((time) => time > 0.5)
    : times.length;
  const order: (Movement | null)[] = [null, ...movements];
  [order[0], order[still]] = [order[still], order[0]];
  const ends = [...times.map((time) => Math.floor(n * time)), n];
  const result = stage.createLayer(4);
  let first = 0;
  let isFirst = true;
  for (const [i, movement] of order.entries()) {
    const mask = Float64Array.from({ length: n }, (_, k) => (k >= first && k < ends[i] ? 1 : 0));
    const isEmpty = first >= ends[i];
    first = Math.max(first, ends[i]);
    if (isEmpty) continue;
    stage.scratch(() => {
      const from = movement === null ? layer : moved(stage, layer, movement, about, fill);
      maskSpectrum(stage, from, axis, mask, result.at, !isFirst);
    });
    isFirst = false;
  }
  layer.moveTo(result.at);
  layer.map = IDENTITY;
  stage.touch(layer);
}

/** Artefacts of a body that moves while it is imaged (TorchIO's RandomMotion). */
export function motion(
  options: MotionOpts = {},
): Augmentation<ChannelFactors<MotionFactors>, MotionOpts> {
  const opts = {
    movements: 2,
    angle: [-Math.PI / 18, Math.PI / 18] as const,
    translation: [-10, 10] as const,
    axes: [2] as const,
    ...options,
  };
  checkCount(opts.movements, 1, 'motion: movements');
  checkSpan(opts.angle, 'motion: angle');
  checkSpan(opts.translation, 'motion: translation');
  if (opts.axes.length === 0) throw new TransformsError('option', 'motion: axes is empty.');
  const { movements } = opts;
  return definePerChannel<MotionFactors, MotionFactors, MotionOpts>({
    name: 'motion',
    opts,
    draw(rng) {
      const three = (range: Range): Shape3 => [
        drawRange(rng, range),
        drawRange(rng, range),
        drawRange(rng, range),
      ];
      const step = 1 / (movements + 1);
      return {
        axis: opts.axes[rng.int(0, opts.axes.length - 1)],
        center: null,
        movements: Array.from({ length: movements }, (_, i) => ({
          // Equal times, each moved by up to three tenths of their distance.
          time: (i + 1) * step + drawRange(rng, [-0.3 * step, 0.3 * step]),
          angles: three(opts.angle),
          translation: three(opts.translation),
        })),
      };
    },
    complete: same,
    run: acquire,
  });
}
