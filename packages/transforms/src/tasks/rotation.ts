import type { ProxyTask, Shape3, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { splitShape, voxels } from '../grid/grid.js';
import { defineTask } from './define-task.js';

/** Options of `rotation`. */
export type RotationOpts = VolumeOpts;

/** A turn by `quarterTurns` × 90° about an axis, from the next axis towards the one after it. */
export interface Rotation {
  axis: 0 | 1 | 2;
  quarterTurns: 0 | 1 | 2 | 3;
}

/** What `rotation` draws. */
export interface RotationFactors extends Rotation {
  /** Its index in `rotationClasses(shape)`. */
  class: number;
}

const TURNS: readonly Rotation[] = ([0, 1, 2] as const).flatMap((axis) =>
  ([1, 2, 3] as const).map((quarterTurns) => ({ axis, quarterTurns })),
);

/**
 * The turns that keep the shape, first of them none: ten for a cube; six for 64×64×32, where
 * quarter turns are possible about z alone.
 */
export function rotationClasses(shape: Shape3): readonly Rotation[] {
  const fits = ({ axis, quarterTurns }: Rotation): boolean =>
    quarterTurns === 2 || shape[(axis + 1) % 3] === shape[(axis + 2) % 3];
  return [{ axis: 0, quarterTurns: 0 }, ...TURNS.filter(fits)];
}

/**
 * Rotation prediction (Gidaris et al., ICLR 2018; in 3-D Taleb et al., NeurIPS 2020): the crop is
 * turned, label `rotation` is the class.
 */
export function rotation(options: RotationOpts = {}): ProxyTask<RotationFactors> {
  return defineTask<RotationFactors>({
    name: 'rotation',
    opts: options,
    labelKinds: (shape) => ({
      rotation: { kind: 'class', classes: rotationClasses(shape).length },
    }),
    draw(rng, fullShape) {
      const classes = rotationClasses(splitShape(fullShape, options.channelAxis ?? 'last').shape);
      const index = rng.int(0, classes.length - 1);
      return { ...classes[index], class: index };
    },
    deform({ shape, channels, original, result }, factors) {
      const { axis, quarterTurns } = factors;
      const p = (axis + 1) % 3;
      const q = (axis + 2) % 3;
      if (quarterTurns % 2 === 1 && shape[p] !== shape[q]) {
        throw new TransformsError(
          'factors',
          `rotation: a quarter turn about axis ${axis} changes the shape ${shape.join('×')}.`,
          { axis, shape },
        );
      }
      const size = voxels(shape);
      const at = [0, 0, 0];
      const from = [0, 0, 0];
      let d = 0;
      for (let c = 0; c < channels; c++) {
        for (at[0] = 0; at[0] < shape[0]; at[0]++) {
          for (at[1] = 0; at[1] < shape[1]; at[1]++) {
            for (at[2] = 0; at[2] < shape[2]; at[2]++) {
              turn(at, from, axis, p, q, quarterTurns, shape);
              result[d++] =
                original[c * size + (from[0] * shape[1] + from[1]) * shape[2] + from[2]];
            }
          }
        }
      }
      return { rotation: factors.class };
    },
  });
}

/** Where the voxel `at` of the turned volume comes from. */
function turn(
  at: readonly number[],
  from: number[],
  axis: number,
  p: number,
  q: number,
  quarterTurns: number,
  shape: Shape3,
): void {
  from[axis] = at[axis];
  if (quarterTurns === 0) {
    from[p] = at[p];
    from[q] = at[q];
  } else if (quarterTurns === 1) {
    from[p] = at[q];
    from[q] = shape[q] - 1 - at[p];
  } else if (quarterTurns === 2) {
    from[p] = shape[p] - 1 - at[p];
    from[q] = shape[q] - 1 - at[q];
  } else {
    from[p] = shape[p] - 1 - at[q];
    from[q] = at[p];
  }
}
