import { drawSeed } from '@genesis/core';
import type { LocalShufflingFactors, Shape3, Transform, VolumeOpts } from '../api.js';
import { splitShape } from '../grid/grid.js';
import { defineTransform } from './define-transform.js';
import { checkCount, checkRate } from './rate.js';
import { shuffleWindows } from './shuffle-windows.js';

/** Options of `localShuffling`. */
export interface LocalShufflingOpts extends VolumeOpts {
  /** Probability that a volume is shuffled at all. @defaultValue 0.5 */
  rate?: number;
  /** Number of windows. @defaultValue 10000 */
  windows?: number;
  /**
   * Largest side of a window, as a fraction of the volume's side (rounded down, at least 1 voxel, so
   * that a side of fewer than 10 voxels has windows of 1). @defaultValue 0.1
   */
  maxFraction?: number;
}

/**
 * Permutes the voxels inside small windows (Models Genesis, section 3.2, "local pixel shuffling").
 * Every window reads the original volume and overwrites what windows before it wrote. All channels
 * are permuted alike.
 */
export function localShuffling(
  options: LocalShufflingOpts = {},
): Transform<LocalShufflingFactors, LocalShufflingOpts> {
  const opts = { rate: 0.5, windows: 10000, maxFraction: 0.1, ...options };
  checkRate(opts.rate, 'localShuffling: rate');
  checkRate(opts.maxFraction, 'localShuffling: maxFraction');
  checkCount(opts.windows, 0, 'localShuffling: windows');
  return defineTransform<LocalShufflingFactors, LocalShufflingOpts>({
    name: 'local-shuffling',
    opts,
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, opts.channelAxis ?? 'last');
      const count = rng.uniform() < opts.rate ? opts.windows : 0;
      return { count, maxSize: maxSide(shape, opts.maxFraction), seed: drawSeed(rng) };
    },
    start: 'copy',
    deform: (workspace, factors) => shuffleWindows(workspace, factors, false),
  });
}

// The tiny term keeps ⌊60 × 0.1⌋ at 6 whatever the rounding of the product.
const maxSide = (shape: Shape3, fraction: number): Shape3 => {
  const side = (n: number): number => Math.max(1, Math.floor(n * fraction + 1e-9));
  return [side(shape[0]), side(shape[1]), side(shape[2])];
};
