import type { ProxyTask, Shape3, VolumeOpts } from '../api.js';
import { checkBox } from '../deformations/boxes.js';
import { checkCount } from '../deformations/rate.js';
import { splitShape } from '../grid/grid.js';
import { copyBlock } from './blocks.js';
import { defineTask } from './define-task.js';

/** Options of `patchShuffling`. */
export interface PatchShufflingOpts extends VolumeOpts {
  /** Number of swaps. @defaultValue 50 */
  swaps?: number;
  /** Patch in voxels; at most half the crop along each axis is used. @defaultValue [8, 8, 8] */
  patch?: Shape3;
}

/** What `patchShuffling` draws. */
export interface PatchShufflingFactors {
  patch: Shape3;
  /** Starts of the two patches of each swap, applied one after the other. */
  swaps: readonly (readonly [Shape3, Shape3])[];
}

/**
 * Context restoration by swapping patches (Chen et al., Medical Image Analysis 58, 2019): pairs of
 * patches that do not overlap change places.
 */
export function patchShuffling(options: PatchShufflingOpts = {}): ProxyTask<PatchShufflingFactors> {
  const { swaps = 50, patch = [8, 8, 8] } = options;
  checkCount(swaps, 0, 'patchShuffling: swaps');
  for (const side of patch) checkCount(side, 1, 'patchShuffling: patch');
  return defineTask<PatchShufflingFactors>({
    name: 'patch-shuffling',
    opts: options,
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, options.channelAxis ?? 'last');
      const side = (axis: number): number =>
        Math.max(1, Math.min(patch[axis], Math.floor(shape[axis] / 2)));
      const size: Shape3 = [side(0), side(1), side(2)];
      const place = (): Shape3 => [
        rng.int(0, shape[0] - size[0]),
        rng.int(0, shape[1] - size[1]),
        rng.int(0, shape[2] - size[2]),
      ];
      const apart = (a: Shape3, b: Shape3): boolean =>
        a.some((start, axis) => Math.abs(start - b[axis]) >= size[axis]);
      const list: [Shape3, Shape3][] = [];
      // Only a crop of a single voxel has no two patches.
      if (!shape.some((n, axis) => n >= 2 * size[axis])) return { patch: size, swaps: list };
      while (list.length < swaps) {
        const a = place();
        const b = place();
        if (apart(a, b)) list.push([a, b]);
      }
      return { patch: size, swaps: list };
    },
    deform(workspace, { patch: size, swaps: list }) {
      const { original, result, shape } = workspace;
      if (list.length === 0) return undefined;
      // The target is done with only at the end: swap by way of a copy of the input.
      const before = new Float32Array(original.length);
      for (const [a, b] of list) {
        checkBox({ start: a, size }, shape, 'patchShuffling');
        checkBox({ start: b, size }, shape, 'patchShuffling');
        copyBlock(workspace, result, a, before, a, size);
        copyBlock(workspace, result, b, result, a, size);
        copyBlock(workspace, before, a, result, b, size);
      }
      return undefined;
    },
  });
}
