import { drawSeed } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { ProxyTask, Rng, Seed, Shape3, VolumeOpts } from '../api.js';
import { checkCount, checkRate } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import { splitShape, voxels } from '../grid/grid.js';
import { defineTask } from './define-task.js';
import { checkFill, type Fill, hideBox } from './fill.js';

/** Options of `maskedAutoencoding`. */
export interface MaskedAutoencodingOpts extends VolumeOpts {
  /** Patch in voxels; the last ones along an axis may be smaller. @defaultValue [8, 8, 8] */
  patch?: Shape3;
  /** Part of the patches that is hidden. @defaultValue 0.75 */
  ratio?: number;
  /**
   * `blocks`: cuboids of patches at random until there are enough (Bao et al., BEiT, ICLR 2022);
   * `patches`: patches one by one (He et al., CVPR 2022). @defaultValue 'blocks'
   */
  layout?: 'blocks' | 'patches';
  /** Largest side of a block as a fraction of the patch grid's. @defaultValue 0.5 */
  maxBlock?: number;
  /** @defaultValue 0 */
  fill?: Fill;
}

/** What `maskedAutoencoding` draws. */
export interface MaskedAutoencodingFactors {
  patch: Shape3;
  /** 1 for every hidden patch, in C order of the patch grid. */
  mask: readonly number[];
  fill: Fill;
  seed: Seed;
}

/** Number of patches along each axis. */
export function patchGrid(shape: Shape3, patch: Shape3): Shape3 {
  const along = (axis: number): number => Math.ceil(shape[axis] / patch[axis]);
  return [along(0), along(1), along(2)];
}

/**
 * Masked auto-encoding: most patches are hidden and to be restored. Label `mask` has a flag for
 * every patch, the same number of ones in every sample; `patchMaskToVoxels` makes a voxel mask of it,
 * for a loss on the hidden voxels alone.
 */
export function maskedAutoencoding(
  options: MaskedAutoencodingOpts = {},
): ProxyTask<MaskedAutoencodingFactors> {
  const { patch = [8, 8, 8], layout = 'blocks' } = options;
  for (const side of patch) checkCount(side, 1, 'maskedAutoencoding: patch');
  const ratio = checkRate(options.ratio ?? 0.75, 'maskedAutoencoding: ratio');
  const maxBlock = checkRate(options.maxBlock ?? 0.5, 'maskedAutoencoding: maxBlock');
  const fill = checkFill(options.fill ?? 0, 'maskedAutoencoding');
  if (layout !== 'blocks' && layout !== 'patches') {
    throw new TransformsError('option', `maskedAutoencoding: there is no layout '${layout}'.`);
  }
  return defineTask<MaskedAutoencodingFactors>({
    name: 'masked-autoencoding',
    opts: options,
    labelKinds(shape) {
      const grid = patchGrid(shape, patch);
      return { mask: { kind: 'patch-mask', length: voxels(grid), patch, grid } };
    },
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, options.channelAxis ?? 'last');
      const grid = patchGrid(shape, patch);
      const wanted = Math.round(ratio * voxels(grid));
      const mask =
        layout === 'blocks'
          ? drawBlocks(rng, grid, wanted, maxBlock)
          : drawPatches(rng, voxels(grid), wanted);
      return { patch, mask, fill, seed: drawSeed(rng) };
    },
    deform(workspace, factors) {
      const { shape } = workspace;
      const grid = patchGrid(shape, factors.patch);
      checkMask(factors.mask, grid);
      for (const [i, hidden] of factors.mask.entries()) {
        if (hidden !== 1) continue;
        const at = [
          Math.floor(i / (grid[1] * grid[2])),
          Math.floor(i / grid[2]) % grid[1],
          i % grid[2],
        ];
        const start = (axis: number): number => at[axis] * factors.patch[axis];
        const side = (axis: number): number =>
          Math.min(factors.patch[axis], shape[axis] - start(axis));
        hideBox(
          workspace,
          { start: [start(0), start(1), start(2)], size: [side(0), side(1), side(2)] },
          factors.fill,
          [factors.seed[0], (factors.seed[1] + i) >>> 0],
        );
      }
      return { mask: factors.mask };
    },
  });
}

/**
 * The voxel mask `[x, y, z]` of a patch mask: 1 in every voxel that is hidden.
 *
 * @throws TransformsError `factors` when the mask does not belong to this shape and patch
 */
export function patchMaskToVoxels(
  mask: ArrayLike<number>,
  patch: Shape3,
  shape: Shape3,
): NdArray<Uint8Array> {
  const grid = patchGrid(shape, patch);
  checkMask(mask, grid);
  const data = new Uint8Array(voxels(shape));
  let d = 0;
  for (let x = 0; x < shape[0]; x++) {
    for (let y = 0; y < shape[1]; y++) {
      const row = (Math.floor(x / patch[0]) * grid[1] + Math.floor(y / patch[1])) * grid[2];
      for (let z = 0; z < shape[2]; z++) data[d++] = mask[row + Math.floor(z / patch[2])];
    }
  }
  return ndarray(data, [...shape]);
}

function checkMask(mask: ArrayLike<number>, grid: Shape3): void {
  if (mask.length !== voxels(grid)) {
    throw new TransformsError(
      'factors',
      `maskedAutoencoding: a mask of ${mask.length} patches for a grid of ${grid.join('×')}.`,
      { patches: mask.length, grid },
    );
  }
}

function drawPatches(rng: Rng, count: number, wanted: number): number[] {
  const mask = new Array<number>(count).fill(0);
  const order = mask.map((_, i) => i);
  for (let i = 0; i < wanted; i++) {
    const k = rng.int(i, count - 1);
    [order[i], order[k]] = [order[k], order[i]];
    mask[order[i]] = 1;
  }
  return mask;
}

function drawBlocks(rng: Rng, grid: Shape3, wanted: number, maxBlock: number): number[] {
  const mask = new Array<number>(voxels(grid)).fill(0);
  let hidden = 0;
  while (hidden < wanted) {
    const size = grid.map((n) => rng.int(1, Math.max(1, Math.round(n * maxBlock))));
    const start = grid.map((n, axis) => rng.int(0, n - size[axis]));
    for (let x = 0; x < size[0]; x++) {
      for (let y = 0; y < size[1]; y++) {
        for (let z = 0; z < size[2]; z++) {
          const i = ((start[0] + x) * grid[1] + start[1] + y) * grid[2] + start[2] + z;
          // The last block is cut short, so that all samples hide as many patches.
          if (mask[i] === 0 && hidden < wanted) {
            mask[i] = 1;
            hidden++;
          }
        }
      }
    }
  }
  return mask;
}
