import type { ExplicitShuffling, LocalShufflingFactors, Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';
import { voxels } from '../grid/grid.js';
import type { Workspace } from '../kernels/api.js';
import { claim, shuffleScratch } from '../kernels/shuffle.js';

/**
 * Shuffles from `workspace.original` to `workspace.result`, which start equal.
 *
 * @param masked - leave out voxels whose mask is 1
 */
export function shuffleWindows(
  workspace: Workspace,
  factors: LocalShufflingFactors,
  masked: boolean,
): void {
  if ('windows' in factors) replay(workspace, factors, masked);
  else if (factors.count > 0) {
    checkMaxSize(factors.maxSize, workspace.shape);
    workspace.shuffle(factors, masked);
  }
}

/** The same with permutations that are given. */
function replay(workspace: Workspace, factors: ExplicitShuffling, masked: boolean): void {
  const { shape, channels, original: from, result: to } = workspace;
  const { windows, permutations } = factors;
  const { total, largest } = checkExplicit(factors, shape);
  const size = voxels(shape);
  const [, ny, nz] = shape;
  const count = windows.length / 6;
  const done = masked ? workspace.mask.slice() : new Uint8Array(size);
  const scratch = shuffleScratch(largest);
  const { positions, places } = scratch;
  const job = { from, to, shape, channels, windows, count, done, scratch };
  let start = total;
  for (let w = count - 1; w >= 0; w--) {
    const sy = windows[6 * w + 4];
    const sz = windows[6 * w + 5];
    const corner = (windows[6 * w] * ny + windows[6 * w + 1]) * nz + windows[6 * w + 2];
    start -= windows[6 * w + 3] * sy * sz;
    const open = claim(job, w);
    for (let i = 0; i < open; i++) {
      const source = permutations[start + positions[i]];
      const row = Math.floor(source / sz);
      const x = Math.floor(row / sy);
      const at = corner + (x * ny + row - x * sy) * nz + (source % sz);
      for (let c = 0; c < channels; c++) to[c * size + places[i]] = from[c * size + at];
    }
  }
}

function checkMaxSize(maxSize: Shape3, shape: Shape3): void {
  for (let axis = 0; axis < 3; axis++) {
    if (!(Number.isInteger(maxSize[axis]) && maxSize[axis] >= 1 && maxSize[axis] <= shape[axis])) {
      throw new TransformsError(
        'factors',
        `localShuffling: windows of up to ${maxSize.join('×')} voxels in a volume of ${shape.join('×')}.`,
        { maxSize, shape },
      );
    }
  }
}

/** Returns the length of all permutations and of the longest. */
function checkExplicit(
  { windows, permutations }: ExplicitShuffling,
  shape: Shape3,
): { total: number; largest: number } {
  let total = 0;
  let largest = 0;
  for (let w = 0; w < windows.length; w += 6) {
    for (let axis = 0; axis < 3; axis++) {
      const start = windows[w + axis];
      const size = windows[w + axis + 3];
      if (!(start >= 0 && size >= 1 && start + size <= shape[axis])) {
        throw new TransformsError(
          'factors',
          `localShuffling: window ${w / 6} covers ${start}…${start + size - 1} of axis ${axis}, which has ${shape[axis]} voxels.`,
          { window: w / 6, axis },
        );
      }
    }
    const n = windows[w + 3] * windows[w + 4] * windows[w + 5];
    for (let j = 0; j < n; j++) {
      const p = permutations[total + j];
      if (!(p >= 0 && p < n)) {
        throw new TransformsError(
          'factors',
          `localShuffling: the permutation of window ${w / 6} has the entry ${p}; it has ${n} voxels.`,
          { window: w / 6 },
        );
      }
    }
    total += n;
    largest = Math.max(largest, n);
  }
  return { total, largest };
}
