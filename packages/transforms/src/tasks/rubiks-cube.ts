import type { ProxyTask, Shape3, VolumeOpts } from '../api.js';
import { checkRate } from '../deformations/rate.js';
import { blockStart, copyBlock, divide } from './blocks.js';
import { defineTask } from './define-task.js';
import { checkOrder } from './jigsaw.js';
import { permutationSet } from './permutation-set.js';

/** Options of `rubiksCube`. */
export interface RubiksCubeOpts extends VolumeOpts {
  /** Number of cubes along each axis. @defaultValue [2, 2, 2] */
  grid?: Shape3;
  /** Number of permutations, the classes. @defaultValue 100 */
  permutations?: number;
  /** Probability of each of the two half turns of each cube. @defaultValue 0.5 */
  rotationRate?: number;
}

/** What `rubiksCube` draws. */
export interface RubiksCubeFactors {
  grid: Shape3;
  permutation: number;
  /** order[j] is the cube that goes to place j. */
  order: readonly number[];
  /** 1 where the cube at place j makes a half turn about z. */
  horizontal: readonly number[];
  /** 1 where the cube at place j makes a half turn about x. */
  vertical: readonly number[];
}

const AXES_HORIZONTAL = 1 | 2;
const AXES_VERTICAL = 2 | 4;

/**
 * Rubik's cube recovery (Zhuang et al., MICCAI 2019): cubes are put in one of a fixed set of orders
 * and each is turned by 180° horizontally, vertically, both or not. Labels: `permutation` (a class),
 * `horizontal` and `vertical` (a flag for each place).
 */
export function rubiksCube(options: RubiksCubeOpts = {}): ProxyTask<RubiksCubeFactors> {
  const { grid = [2, 2, 2], permutations = 100 } = options;
  const rate = checkRate(options.rotationRate ?? 0.5, 'rubiksCube: rotationRate');
  const set = permutationSet(grid[0] * grid[1] * grid[2], permutations);
  return defineTask<RubiksCubeFactors>({
    name: 'rubiks-cube',
    opts: options,
    labelKinds: () => ({
      permutation: { kind: 'class', classes: set.length },
      horizontal: { kind: 'flags', length: set[0].length },
      vertical: { kind: 'flags', length: set[0].length },
    }),
    draw(rng) {
      const permutation = rng.int(0, set.length - 1);
      const order = set[permutation];
      const flags = (): number[] => order.map(() => (rng.uniform() < rate ? 1 : 0));
      return { grid, permutation, order, horizontal: flags(), vertical: flags() };
    },
    deform(workspace, { grid: by, permutation, order, horizontal, vertical }) {
      const blocks = divide(workspace.shape, by, 'rubiksCube');
      checkOrder(order, blocks.count, 'rubiksCube');
      const { original, result } = workspace;
      for (const [place, source] of order.entries()) {
        const axes =
          (horizontal[place] === 1 ? AXES_HORIZONTAL : 0) ^
          (vertical[place] === 1 ? AXES_VERTICAL : 0);
        const from = blockStart(blocks, source);
        copyBlock(workspace, original, from, result, blockStart(blocks, place), blocks.size, axes);
      }
      return { permutation, horizontal, vertical };
    },
  });
}
