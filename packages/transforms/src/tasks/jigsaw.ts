import type { ProxyTask, Shape3, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { blockStart, copyBlock, divide } from './blocks.js';
import { defineTask } from './define-task.js';
import { permutationSet } from './permutation-set.js';

/** Options of `jigsaw`. */
export interface JigsawOpts extends VolumeOpts {
  /** Number of blocks along each axis. @defaultValue [2, 2, 2] */
  grid?: Shape3;
  /** Number of permutations, the classes. @defaultValue 100 */
  permutations?: number;
}

/** What `jigsaw` draws. */
export interface JigsawFactors {
  grid: Shape3;
  /** Class of the permutation. */
  permutation: number;
  /** order[j] is the block that goes to place j; both are numbered in C order. */
  order: readonly number[];
}

/**
 * Jigsaw (Noroozi & Favaro, ECCV 2016; in 3-D Taleb et al., NeurIPS 2020): blocks are put in one of
 * a fixed set of orders. Label `permutation` is the class; the target is the crop, for those who
 * restore instead. Voxels left over by the division stay in place.
 */
export function jigsaw(options: JigsawOpts = {}): ProxyTask<JigsawFactors> {
  const { grid = [2, 2, 2], permutations = 100 } = options;
  const set = permutationSet(grid[0] * grid[1] * grid[2], permutations);
  return defineTask<JigsawFactors>({
    name: 'jigsaw',
    opts: options,
    labelKinds: () => ({ permutation: { kind: 'class', classes: set.length } }),
    draw(rng) {
      const permutation = rng.int(0, set.length - 1);
      return { grid, permutation, order: set[permutation] };
    },
    deform(workspace, { grid: by, permutation, order }) {
      const blocks = divide(workspace.shape, by, 'jigsaw');
      checkOrder(order, blocks.count, 'jigsaw');
      const { original, result } = workspace;
      for (const [place, source] of order.entries()) {
        const from = blockStart(blocks, source);
        copyBlock(workspace, original, from, result, blockStart(blocks, place), blocks.size);
      }
      return { permutation };
    },
  });
}

/** Throws unless the order is a permutation of 0 … count − 1. */
export function checkOrder(order: readonly number[], count: number, what: string): void {
  const seen = new Set(order.filter((n) => Number.isInteger(n) && n >= 0 && n < count));
  if (order.length !== count || seen.size !== count) {
    throw new TransformsError(
      'factors',
      `${what}: [${order.join(', ')}] is not an order of ${count} blocks.`,
    );
  }
}
