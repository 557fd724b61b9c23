import { drawSeed } from '@genesis/core';
import type { Box, OutPaintingFactors, Shape3, Transform, VolumeOpts } from '../api.js';
import { splitShape } from '../grid/grid.js';
import type { Workspace } from '../kernels/api.js';
import { checkBox, checkNoise, drawStart } from './boxes.js';
import { defineTransform } from './define-transform.js';
import { checkSides } from './in-painting.js';
import { checkCount, checkRate } from './rate.js';

/** Options of `outPainting`. */
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
  return defineTransform<OutPaintingFactors, OutPaintingOpts>({
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
    start: 'same',
    deform(workspace, factors) {
      if (markOutside(workspace, factors)) paintOutside(workspace, factors);
    },
  });
}

const partOf = (n: number, fraction: number): number => Math.floor(n * fraction + 1e-9);

/** Marks what is outside the boxes in the workspace's mask. Returns false when nothing is painted. */
export function markOutside(workspace: Workspace, { boxes }: OutPaintingFactors): boolean {
  if (boxes.length === 0) return false;
  for (const box of boxes) checkBox(box, workspace.shape, 'outPainting');
  workspace.mask.fill(1);
  for (const box of boxes) workspace.keepBox(box);
  return true;
}

/** Writes noise to `workspace.result` where the mask is 1. */
export function paintOutside(workspace: Workspace, { noise }: OutPaintingFactors): void {
  const { channels, mask, result } = workspace;
  if ('seed' in noise) {
    for (let c = 0; c < channels; c++) workspace.noise(c, noise.seed);
    return;
  }
  checkNoise(noise.values, result.length, 'outPainting');
  for (let i = 0; i < result.length; i++) {
    if (mask[i % mask.length] === 1) result[i] = noise.values[i];
  }
}
