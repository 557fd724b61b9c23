import type { Vec3 } from '@genesis/volume-io';

/** The reference's crop: 64 × 64 × 32 voxels. */
const MOST_VOXELS = 64 * 64 * 32;

/**
 * A crop that fits most of the volumes: the median of their sides, rounded up to what the network can halve, and
 * then the longest side shortened until there are no more voxels than in the reference's crop.
 *
 * @param multiple - Sides must be multiples of it.
 */
export function chooseCrop(shapes: readonly Vec3[], multiple: number): Vec3 {
  const sides = [0, 1, 2].map((axis) => {
    const sorted = shapes.map((shape) => shape[axis]).sort((a, b) => a - b);
    return Math.ceil(sorted[sorted.length >> 1] / multiple) * multiple;
  });
  while (sides[0] * sides[1] * sides[2] > MOST_VOXELS) {
    const longest = sides.indexOf(Math.max(...sides));
    if (sides[longest] <= multiple) break;
    sides[longest] -= multiple;
  }
  return [sides[0], sides[1], sides[2]];
}
