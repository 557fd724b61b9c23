import type { Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Workspace } from '../kernels/api.js';

/** A division of a volume into equal blocks; what is left over at the far ends belongs to none. */
export interface Blocks {
  grid: Shape3;
  size: Shape3;
  count: number;
}

/** @throws TransformsError `shape` when there are more blocks than voxels along an axis */
export function divide(shape: Shape3, grid: Shape3, what: string): Blocks {
  const size = shape.map((n, axis) => Math.floor(n / grid[axis]));
  if (!grid.every((n) => Number.isInteger(n) && n >= 1) || size.some((n) => n < 1)) {
    throw new TransformsError(
      'shape',
      `${what}: a volume of ${shape.join('×')} voxels does not divide into ${grid.join('×')} blocks.`,
      { shape, grid },
    );
  }
  return { grid, size: [size[0], size[1], size[2]], count: grid[0] * grid[1] * grid[2] };
}

/** First voxel of a block; blocks are numbered in C order. */
export function blockStart({ grid, size }: Blocks, block: number): Shape3 {
  const z = block % grid[2];
  const xy = Math.floor(block / grid[2]);
  const y = xy % grid[1];
  return [Math.floor(xy / grid[1]) * size[0], y * size[1], z * size[2]];
}

/**
 * Copies a block of voxels from one place of `from` to another of `to`, in all channels.
 *
 * @param reversed - axes to reverse in the copy: 1 for x, 2 for y, 4 for z
 */
export function copyBlock(
  { shape, channels }: Workspace,
  from: Float32Array,
  source: Shape3,
  to: Float32Array,
  place: Shape3,
  size: Shape3,
  reversed = 0,
): void {
  const [nx, ny, nz] = shape;
  const stepZ = reversed & 4 ? -1 : 1;
  const firstZ = source[2] + (reversed & 4 ? size[2] - 1 : 0);
  for (let c = 0; c < channels; c++) {
    for (let x = 0; x < size[0]; x++) {
      const fromX = source[0] + (reversed & 1 ? size[0] - 1 - x : x);
      for (let y = 0; y < size[1]; y++) {
        const fromY = source[1] + (reversed & 2 ? size[1] - 1 - y : y);
        let a = ((c * nx + fromX) * ny + fromY) * nz + firstZ;
        let b = ((c * nx + place[0] + x) * ny + place[1] + y) * nz + place[2];
        for (let z = 0; z < size[2]; z++, a += stepZ, b++) to[b] = from[a];
      }
    }
  }
}
