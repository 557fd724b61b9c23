import type { Box, OutPaintingFactors, Shape3, Transform, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { copyGrid } from '../grid/copyGrid.js';
import { type Grid, splitShape, voxels } from '../grid/grid.js';
import { prepare } from '../grid/prepare.js';
import { drawSeed, seedStream } from '../random/seed.js';
import { fillUniform } from '../random/xoshiro.js';
import { checkBox, drawStart, markBoxes } from './boxes.js';
import { checkSides } from './inPainting.js';
import { checkCount, checkRate } from './rate.js';

export interface OutPaintingOpts extends VolumeOpts {
  /** Probability that the volume is painted at all. @defaultValue 1 */
  rate?: number;
  /** At most so many boxes are kept. @defaultValue 5 */
  maxBoxes?: number;
  /** Probability of a second box, and of one more after each. @defaultValue 0.95 */
  boxRate?: number;
  /**
   * Smallest and largest part of a side that a box leaves out, rounded down; a box keeps at least
   * 1 voxel. @defaultValue [3/7, 4/7]
   */
  sides?: readonly [number, number];
}

/**
 * Turns the volume into uniform noise except for a few large boxes (Models Genesis, section 3.3).
 * Boxes stay 3 voxels from the border, or as far as a small volume allows.
 */
export function outPainting(
  options: OutPaintingOpts = {},
): Transform<OutPaintingFactors, OutPaintingOpts> {
  const opts = { rate: 1, maxBoxes: 5, boxRate: 0.95, sides: [3 / 7, 4 / 7] as const, ...options };
  checkRate(opts.rate, 'outPainting: rate');
  checkRate(opts.boxRate, 'outPainting: boxRate');
  checkCount(opts.maxBoxes, 1, 'outPainting: maxBoxes');
  checkSides(opts.sides, 'outPainting');
  let mask = new Uint8Array(0);
  return {
    name: 'out-painting',
    opts,
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, opts.channelAxis ?? 'last');
      const boxes: Box[] = [];
      if (rng.uniform() >= opts.rate) return { boxes, noise: { seed: drawSeed(rng) } };
      do {
        const side = (n: number): number => {
          const left = rng.int(partOf(n, opts.sides[0]), partOf(n, opts.sides[1]));
          return Math.max(1, n - left);
        };
        const size: Shape3 = [side(shape[0]), side(shape[1]), side(shape[2])];
        boxes.push({ start: drawStart(rng, shape, size), size });
      } while (boxes.length < opts.maxBoxes && rng.uniform() < opts.boxRate);
      return { boxes, noise: { seed: drawSeed(rng) } };
    },
    apply(volume, factors, applyOpts) {
      const { src, dst, result } = prepare(volume, opts, applyOpts);
      if (src !== dst) copyGrid(src, dst);
      if (factors.boxes.length === 0) return result;
      const size = voxels(dst.shape);
      if (mask.length < size) mask = new Uint8Array(size);
      markOutside(mask, dst.shape, factors.boxes);
      paintMask(dst, factors, mask);
      return result;
    },
  };
}

const partOf = (n: number, fraction: number): number => Math.floor(n * fraction + 1e-9);

/** Sets `mask` to 1 outside the boxes and 0 inside (C order). */
export function markOutside(mask: Uint8Array, shape: Shape3, boxes: readonly Box[]): void {
  for (const box of boxes) checkBox(box, shape, 'outPainting');
  mask.fill(1, 0, voxels(shape));
  markBoxes(mask, shape, boxes, 0);
}

/** Writes noise where the mask (C order) is 1, in place. */
export function paintMask(dst: Grid, { noise }: OutPaintingFactors, mask: Uint8Array): void {
  const [nx, ny, nz] = dst.shape;
  const size = voxels(dst.shape);
  const values = 'values' in noise ? noise.values : null;
  const stream = 'seed' in noise ? seedStream(noise.seed) : new Int32Array(4);
  if (values !== null && values.length < size * dst.channels) {
    throw new TransformsError(
      'factors',
      `outPainting: ${values.length} noise values for ${size * dst.channels} voxels.`,
    );
  }
  const step = dst.stride[2];
  for (let c = 0; c < dst.channels; c++) {
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        const row = (x * ny + y) * nz;
        const first = dst.offset + c * dst.channelStride + x * dst.stride[0] + y * dst.stride[1];
        let z = 0;
        while (z < nz) {
          while (z < nz && mask[row + z] === 0) z++;
          const start = z;
          while (z < nz && mask[row + z] === 1) z++;
          if (values === null) fillUniform(stream, dst.data, first + start * step, step, z - start);
          else {
            for (let k = start; k < z; k++) {
              dst.data[first + k * step] = values[c * size + row + k];
            }
          }
        }
      }
    }
  }
}
