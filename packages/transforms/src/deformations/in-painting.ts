import { drawSeed } from '@genesis/core';
import type { Box, InPaintingFactors, NoiseBox, Shape3, Transform, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { splitShape } from '../grid/grid.js';
import type { Workspace } from '../kernels/api.js';
import { checkBox, checkNoise, drawStart } from './boxes.js';
import { defineTransform } from './define-transform.js';
import { checkCount, checkRate } from './rate.js';

/** Options of `inPainting`. */
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
  return defineTransform<InPaintingFactors, InPaintingOpts>({
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
    start: 'same',
    deform: paintInside,
  });
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

/** Fills the boxes of `workspace.result`. */
export function paintInside(workspace: Workspace, { boxes }: InPaintingFactors): void {
  for (const box of boxes) {
    checkBox(box, workspace.shape, 'inPainting');
    if ('seed' in box.noise) workspace.noiseBox(box, box.noise.seed);
    else fillBox(workspace, box, box.noise.values);
  }
}

function fillBox(workspace: Workspace, { start, size }: Box, values: ArrayLike<number>): void {
  const { shape, channels, result } = workspace;
  const [nx, ny, nz] = size;
  checkNoise(values, nx * ny * nz, 'inPainting');
  for (let c = 0; c < channels; c++) {
    let j = 0;
    for (let x = start[0]; x < start[0] + nx; x++) {
      for (let y = start[1]; y < start[1] + ny; y++) {
        const row = ((c * shape[0] + x) * shape[1] + y) * shape[2] + start[2];
        for (let z = 0; z < nz; z++) result[row + z] = values[j++];
      }
    }
  }
}
