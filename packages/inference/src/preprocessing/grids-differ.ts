import type { VolumeHeader } from '@genesis/volume-io';
import { preparedShape } from './prepared-shape.js';

/** A volume by its header, and how messages call it. */
export interface NamedGrid {
  readonly header: VolumeHeader;
  readonly what: string;
}

/** Why two volumes do not lie on one grid, in words; undefined when they do, up to a voxel and turned axes. */
export function gridsDiffer(first: NamedGrid, second: NamedGrid): string | undefined {
  const [a, b] = [first.header, second.header];
  const shape = preparedShape(b, { orientation: a.orientation });
  if (a.shape.some((side, axis) => side !== shape[axis])) {
    return `${second.what} has ${b.shape.join('×')} voxels, but ${first.what} has ${a.shape.join('×')}`;
  }
  const worst = cornerDistance(a, b);
  const voxel = Math.min(...a.spacing);
  return worst > voxel
    ? `${second.what} (${b.orientation}) does not lie where ${first.what} (${a.orientation}) lies: corners are up to ${worst.toFixed(1)} mm apart`
    : undefined;
}

/** The largest distance in mm from a corner of one grid to the nearest of the other: of places, so that turned axes do not matter. */
function cornerDistance(a: VolumeHeader, b: VolumeHeader): number {
  const others = cornersOf(b);
  const distances = cornersOf(a).map((corner) =>
    Math.min(
      ...others.map((other) => Math.hypot(...corner.map((value, axis) => value - other[axis]))),
    ),
  );
  return Math.max(...distances);
}

/** Where the centers of the corner voxels lie, in mm. */
function cornersOf({ shape, affine }: VolumeHeader): number[][] {
  const corners: number[][] = [];
  for (const x of [0, shape[0] - 1]) {
    for (const y of [0, shape[1] - 1]) {
      for (const z of [0, shape[2] - 1]) {
        corners.push(
          [0, 4, 8].map(
            (row) => affine[row] * x + affine[row + 1] * y + affine[row + 2] * z + affine[row + 3],
          ),
        );
      }
    }
  }
  return corners;
}
