import type { Box, Shape3 } from '../api.js';
import { floats } from '../augment-kernels/views.js';
import { checkBox } from '../deformations/boxes.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawInteger, drawRange } from './range.js';

/** Options of `cutOut`. */
export interface CutOutOpts extends IntensityOpts {
  /** Number of boxes. @defaultValue [1, 3] */
  boxes?: Range;
  /** Side of a box as part of the volume's, drawn for each axis. @defaultValue [0.1, 0.3] */
  sides?: Range;
  /** What fills a box: `mean` of the channel, or a value in units of the image, drawn for each. @defaultValue 'mean' */
  fill?: 'mean' | Range;
}

/** A box and what it is filled with. */
export interface FilledBox extends Box {
  value: 'mean' | number;
}

/** Boxes of one channel. */
export interface CutOutFactors {
  boxes: readonly FilledBox[];
}

/** Fills boxes of the image (DeVries & Taylor, 2017; batchgeneratorsv2's BlankRectangleTransform). */
export function cutOut(
  options: CutOutOpts = {},
): Augmentation<ChannelFactors<CutOutFactors>, CutOutOpts> {
  const opts = {
    boxes: [1, 3] as const,
    sides: [0.1, 0.3] as const,
    fill: 'mean' as const,
    ...options,
  };
  checkSpan(opts.boxes, 'cutOut: boxes', 0);
  checkSpan(opts.sides, 'cutOut: sides', 0, 1);
  const { fill } = opts;
  if (fill !== 'mean') checkSpan(fill, 'cutOut: fill');
  return definePerChannel<CutOutFactors, CutOutFactors, CutOutOpts>({
    name: 'cut-out',
    opts,
    draw: (rng, shape) => ({
      boxes: Array.from({ length: drawInteger(rng, opts.boxes) }, (): FilledBox => {
        const side = (n: number): number => Math.max(1, Math.round(n * drawRange(rng, opts.sides)));
        const size: Shape3 = [side(shape[0]), side(shape[1]), side(shape[2])];
        const start = (axis: number): number => rng.int(0, shape[axis] - size[axis]);
        const value = fill === 'mean' ? fill : drawRange(rng, fill);
        return { start: [start(0), start(1), start(2)], size, value };
      }),
    }),
    complete: same,
    run(stage, layer, { boxes }) {
      if (boxes.length === 0) return;
      const mean = boxes.some(({ value }) => value === 'mean') ? stage.stats(layer).mean : 0;
      stage.settle(layer);
      const voxels = floats(stage.kernels.heap, layer.at, stage.size);
      const [, ny, nz] = stage.shape;
      for (const box of boxes) {
        checkBox(box, stage.shape, 'cutOut');
        const value = box.value === 'mean' ? mean : box.value;
        if (!Number.isFinite(value))
          throw new TransformsError('factors', `cutOut: value is ${value}.`);
        const [x0, y0, z0] = box.start;
        for (let x = x0; x < x0 + box.size[0]; x++)
          for (let y = y0; y < y0 + box.size[1]; y++) {
            const row = (x * ny + y) * nz + z0;
            voxels.fill(value, row, row + box.size[2]);
          }
      }
      stage.touch(layer);
    },
  });
}
