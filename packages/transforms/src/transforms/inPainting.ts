import type { InPaintingFactors, NoiseBox, Shape3, Transform, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { copyGrid } from '../grid/copyGrid.js';
import { type Grid, splitShape } from '../grid/grid.js';
import { prepare } from '../grid/prepare.js';
import { drawSeed, seedStream } from '../random/seed.js';
import { fillUniform } from '../random/xoshiro.js';
import { checkBox, drawStart } from './boxes.js';
import { checkCount, checkRate } from './rate.js';

export interface InPaintingOpts extends VolumeOpts {
  /** Probability that the volume is painted at all. @defaultValue 1 */
  rate?: number;
  /** At most so many boxes. @defaultValue 5 */
  maxBoxes?: number;
  /** Probability of a first box, and of one more after each. @defaultValue 0.95 */
  boxRate?: number;
  /**
   * Smallest and largest side of a box as fractions of the volume's side, rounded down, at least 1
   * voxel. @defaultValue [1/6, 1/3]
   */
  sides?: readonly [number, number];
}

/**
 * Fills boxes inside the volume with uniform noise (Models Genesis, section 3.3). Boxes stay 3
 * voxels from the border, or as far as a small volume allows.
 */
export function inPainting(
  options: InPaintingOpts = {},
): Transform<InPaintingFactors, InPaintingOpts> {
  const opts = { rate: 1, maxBoxes: 5, boxRate: 0.95, sides: [1 / 6, 1 / 3] as const, ...options };
  checkRate(opts.rate, 'inPainting: rate');
  checkRate(opts.boxRate, 'inPainting: boxRate');
  checkCount(opts.maxBoxes, 0, 'inPainting: maxBoxes');
  checkSides(opts.sides, 'inPainting');
  return {
    name: 'in-painting',
    opts,
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, opts.channelAxis ?? 'last');
      const boxes: NoiseBox[] = [];
      if (rng.uniform() >= opts.rate) return { boxes };
      while (boxes.length < opts.maxBoxes && rng.uniform() < opts.boxRate) {
        const side = (n: number): number =>
          rng.int(sideOf(n, opts.sides[0]), sideOf(n, opts.sides[1]));
        const size: Shape3 = [side(shape[0]), side(shape[1]), side(shape[2])];
        boxes.push({ start: drawStart(rng, shape, size), size, noise: { seed: drawSeed(rng) } });
      }
      return { boxes };
    },
    apply(volume, factors, applyOpts) {
      const { src, dst, result } = prepare(volume, opts, applyOpts);
      if (src !== dst) copyGrid(src, dst);
      paintBoxes(dst, factors);
      return result;
    },
  };
}

// The tiny term keeps ⌊60 × 1/6⌋ at 10 whatever the rounding of the product.
const sideOf = (n: number, fraction: number): number =>
  Math.max(1, Math.floor(n * fraction + 1e-9));

/** Throws unless the two are fractions in order. */
export function checkSides(sides: readonly [number, number], what: string): void {
  if (!(sides[0] >= 0 && sides[0] <= sides[1] && sides[1] <= 1)) {
    throw new TransformsError(
      'option',
      `${what}: sides are ${sides[0]}…${sides[1]}; give two fractions from 0 to 1 in order.`,
    );
  }
}

/** Fills the boxes in place. */
export function paintBoxes(dst: Grid, { boxes }: InPaintingFactors): void {
  let values = new Float32Array(0);
  for (const box of boxes) {
    checkBox(box, dst.shape, 'inPainting');
    const [nx, ny, nz] = box.size;
    const count = nx * ny * nz;
    let noise: ArrayLike<number>;
    if ('seed' in box.noise) {
      if (values.length < count) values = new Float32Array(count);
      fillUniform(seedStream(box.noise.seed), values, 0, 1, count);
      noise = values;
    } else noise = box.noise.values;
    if (noise.length < count) {
      throw new TransformsError(
        'factors',
        `inPainting: ${noise.length} noise values for a box of ${count} voxels.`,
      );
    }
    for (let c = 0; c < dst.channels; c++) {
      let j = 0;
      for (let x = 0; x < nx; x++) {
        for (let y = 0; y < ny; y++) {
          let at =
            dst.offset +
            c * dst.channelStride +
            (box.start[0] + x) * dst.stride[0] +
            (box.start[1] + y) * dst.stride[1] +
            box.start[2] * dst.stride[2];
          for (let z = 0; z < nz; z++, at += dst.stride[2]) dst.data[at] = noise[j++];
        }
      }
    }
  }
}
