import { type ReadonlyVec3, toCOrder } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';

/**
 * The exact Euclidean distance in mm from the center of each voxel to that of the nearest voxel that is not 0, in linear time: the
 * lower envelope of parabolas, one axis after the other (Felzenszwalb and Huttenlocher 2012).
 *
 * @param seeds - [x, y, z], any strides; only read.
 * @param spacing - Sides of a voxel in mm.
 * @returns [x, y, z], C order, owned by the caller; infinite everywhere when all seeds are 0.
 */
export function distanceTransform(
  seeds: NdArray<Uint8Array>,
  spacing: ReadonlyVec3,
): NdArray<Float64Array> {
  const [nx, ny, nz] = seeds.shape;
  const squares = squaredDistances(toCOrder(seeds), [nx, ny, nz], spacing);
  for (let n = 0; n < squares.length; n++) squares[n] = Math.sqrt(squares[n]);
  return ndarray(squares, [nx, ny, nz]);
}

/**
 * The squares of these distances.
 *
 * @param seeds - Not 0 where a distance is 0; C order; only read.
 * @param asked - Not 0 for the columns [y, z] along the first axis that are asked for; the others hold something else. Default: all.
 */
export function squaredDistances(
  seeds: Uint8Array,
  shape: ReadonlyVec3,
  spacing: ReadonlyVec3,
  asked?: Uint8Array,
): Float64Array {
  const [nx, ny, nz] = shape;
  const squares = new Float64Array(seeds.length);
  const hasSeeds = new Uint8Array(nx);
  for (let row = 0; row < nx * ny; row++) {
    if (alongRow(seeds, squares, row * nz, nz, spacing[2])) hasSeeds[Math.floor(row / ny)] = 1;
  }
  const alongY = envelope(ny, spacing[1]);
  for (let x = 0; x < nx; x++) {
    if (hasSeeds[x] === 0) continue;
    for (let z = 0; z < nz; z++) alongY(squares, x * ny * nz + z, nz);
  }
  const alongX = envelope(nx, spacing[0]);
  for (let column = 0; column < ny * nz; column++) {
    if (asked?.[column] !== 0) alongX(squares, column, ny * nz);
  }
  return squares;
}

/** Squares along one row, by how many steps it is to the nearest seed before and behind. Tells whether there is one. */
function alongRow(
  seeds: Uint8Array,
  squares: Float64Array,
  start: number,
  length: number,
  step: number,
): boolean {
  let steps = Number.POSITIVE_INFINITY;
  for (let n = start; n < start + length; n++) {
    steps = seeds[n] === 0 ? steps + 1 : 0;
    squares[n] = steps;
  }
  const last = steps;
  steps = Number.POSITIVE_INFINITY;
  for (let n = start + length - 1; n >= start; n--) {
    steps = seeds[n] === 0 ? steps + 1 : 0;
    const distance = Math.min(steps, squares[n]) * step;
    squares[n] = distance * distance;
  }
  return last < Number.POSITIVE_INFINITY;
}

/** Replaces the squares along a line by the lowest of the parabolas over its points. */
function envelope(
  length: number,
  step: number,
): (squares: Float64Array, start: number, stride: number) => void {
  const places = Float64Array.from({ length }, (_, n) => n * step);
  const values = new Float64Array(length);
  /** The points whose parabolas are lowest somewhere, and from where on. */
  const points = new Int32Array(length);
  const from = new Float64Array(length);
  return (squares, start, stride) => {
    let count = 0;
    for (let n = 0, at = start; n < length; n++, at += stride) {
      const value = squares[at];
      values[n] = value;
      if (value === Number.POSITIVE_INFINITY) continue;
      const raised = value + places[n] * places[n];
      let meets = Number.NEGATIVE_INFINITY;
      while (count > 0) {
        const other = points[count - 1];
        meets =
          (raised - values[other] - places[other] * places[other]) /
          (2 * (places[n] - places[other]));
        if (meets > from[count - 1]) break;
        count--;
      }
      from[count] = count === 0 ? Number.NEGATIVE_INFINITY : meets;
      points[count++] = n;
    }
    if (count === 0) return;
    for (let n = 0, at = start, k = 0; n < length; n++, at += stride) {
      while (k + 1 < count && from[k + 1] < places[n]) k++;
      const away = places[n] - places[points[k]];
      squares[at] = away * away + values[points[k]];
    }
  };
}
