import type { ReadonlyVec3 } from '@genesis/core';
import { centerStart } from '../preprocessing/cut-crop.js';
import type { WindowGrid } from './api.js';
import { windowStarts } from './window-starts.js';

/**
 * The windows that cover a volume. Along an axis where the volume is shorter than the window there is one, which begins before
 * the volume so that both middles agree.
 */
export function windowGrid(shape: ReadonlyVec3, window: ReadonlyVec3, overlap: number): WindowGrid {
  const along = (axis: 0 | 1 | 2): number[] =>
    shape[axis] <= window[axis]
      ? [centerStart(shape, window)[axis]]
      : windowStarts(shape[axis], window[axis], overlap);
  return { shape, window, starts: [along(0), along(1), along(2)] };
}
