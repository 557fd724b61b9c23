import type { Vec3 } from '@genesis/core';
import type { Affine } from '../api.js';
import { affineSpacing } from './affine.js';
import { cross, dot, norm, scale, subtract } from './vector.js';

/** Voxels that lie further from where axes at right angles have them than this part of the smallest voxel size are sheared. */
const ROUNDING = 0.05;

/**
 * The affine with its axes at right angles: the two that are nearest to that stay (the second without what it has of the
 * first), and the third becomes their normal, at the distance that its planes have. The planes of a scan whose gantry was
 * tilted therefore stay where they are, and are only moved within themselves.
 */
export function straightAffine(affine: Affine): Affine {
  const columns = [0, 1, 2].map((axis) => column(affine, axis));
  const [first, second, third] = planeAxes(columns);
  const u = unit(columns[first]);
  const v = unit(subtract(columns[second], scale(u, dot(u, columns[second]))));
  const normal = cross(u, v);
  const out = affine.slice();
  put(out, second, scale(v, norm(columns[second])));
  put(out, third, scale(normal, dot(normal, columns[third])));
  return out;
}

/** Is there a voxel of the grid that lies elsewhere when the axes are put at right angles? */
export function isSheared(affine: Affine, shape: Vec3): boolean {
  const straight = straightAffine(affine);
  const off = [0, 1, 2].reduce((sum, axis) => {
    const moved = norm(subtract(column(affine, axis), column(straight, axis)));
    return sum + moved * (shape[axis] - 1);
  }, 0);
  return off > ROUNDING * Math.min(...affineSpacing(affine));
}

/**
 * The axes in the order in which they are kept: the two of a slice, then the one across. Those of a slice are at right angles;
 * where that is true of several pairs, as it is of a gantry tilted about one axis, they are the pair with the smaller voxels.
 */
function planeAxes(columns: readonly Vec3[]): Vec3 {
  const cosine = ([a, b]: Vec3): number => Math.abs(dot(unit(columns[a]), unit(columns[b])));
  const size = ([a, b]: Vec3): number => norm(columns[a]) * norm(columns[b]);
  const pairs: Vec3[] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 2, 0],
  ];
  const least = Math.min(...pairs.map(cosine));
  const right = pairs.filter((pair) => cosine(pair) < least + RIGHT);
  // Rounding decides nothing: of equal voxels, the first axes are those of a slice.
  return right.reduce((best, pair) => (size(pair) < ALIKE * size(best) ? pair : best));
}

/** Cosines that differ by less are those of the same angle. */
const RIGHT = 1e-3;
/** Voxels of a pair of axes that are larger than this part of another pair's are as large. */
const ALIKE = 0.99;

function column(affine: Affine, axis: number): Vec3 {
  return [affine[axis], affine[4 + axis], affine[8 + axis]];
}

function put(affine: Affine, axis: number, v: Vec3): void {
  for (const row of [0, 1, 2]) affine[4 * row + axis] = v[row];
}

function unit(v: Vec3): Vec3 {
  return scale(v, 1 / norm(v));
}
