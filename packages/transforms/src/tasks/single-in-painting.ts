import { drawSeed } from '@genesis/core';
import type { Box, ProxyTask, Seed, Shape3, VolumeOpts } from '../api.js';
import { checkBox } from '../deformations/boxes.js';
import { checkSides } from '../deformations/in-painting.js';
import { splitShape } from '../grid/grid.js';
import { defineTask } from './define-task.js';
import { checkFill, type Fill, hideBox } from './fill.js';

/** Options of `singleInPainting`. */
export interface SingleInPaintingOpts extends VolumeOpts {
  /** Smallest and largest side of the box as fractions of the crop's. @defaultValue [0.25, 0.5] */
  sides?: readonly [number, number];
  /** Anywhere, or in the middle of the crop. @defaultValue 'random' */
  place?: 'random' | 'center';
  /** @defaultValue 0 */
  fill?: Fill;
}

/** What `singleInPainting` draws. */
export interface SingleInPaintingFactors {
  box: Box;
  fill: Fill;
  seed: Seed;
}

/**
 * Context encoder (Pathak et al., CVPR 2016): one box is hidden and to be restored. The label `box`
 * is its start and size, for a loss on the hidden voxels alone.
 */
export function singleInPainting(
  options: SingleInPaintingOpts = {},
): ProxyTask<SingleInPaintingFactors> {
  const { sides = [0.25, 0.5], place = 'random' } = options;
  const fill = checkFill(options.fill ?? 0, 'singleInPainting');
  checkSides(sides, 'singleInPainting');
  return defineTask<SingleInPaintingFactors>({
    name: 'in-painting',
    opts: options,
    labelKinds: () => ({ box: { kind: 'box', length: 6 } }),
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, options.channelAxis ?? 'last');
      const side = (n: number): number =>
        Math.max(1, rng.int(Math.floor(n * sides[0]), Math.floor(n * sides[1])));
      const size: Shape3 = [side(shape[0]), side(shape[1]), side(shape[2])];
      const start = (axis: number): number => {
        const room = shape[axis] - size[axis];
        return place === 'center' ? Math.floor(room / 2) : rng.int(0, room);
      };
      return { box: { start: [start(0), start(1), start(2)], size }, fill, seed: drawSeed(rng) };
    },
    deform(workspace, factors) {
      checkBox(factors.box, workspace.shape, 'singleInPainting');
      hideBox(workspace, factors.box, factors.fill, factors.seed);
      return { box: [...factors.box.start, ...factors.box.size] };
    },
  });
}
