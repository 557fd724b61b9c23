import type { Rng } from '@genesis/transforms';

/** Rounds, at most; later ones move centers by next to nothing. */
const ROUNDS = 40;

/**
 * Centers of `count` clusters of points, by Lloyd's rounds from the seeds of k-means++ (Arthur, Vassilvitskii 2007). Fewer
 * where there are fewer different points.
 *
 * @param points - [point, dimension], C order.
 * @returns [cluster, dimension], C order; a new array.
 */
export function kMeans(
  points: Float32Array,
  dimensions: number,
  count: number,
  rng: Rng,
): Float32Array {
  return lloyd(points, dimensions, seeds(points, dimensions, count, rng));
}

/**
 * Moves centers to the means of the points that are nearest to them until none changes its owner (Lloyd 1982).
 *
 * @param start - [cluster, dimension], C order; left as it is.
 * @returns The same of the clusters found; a center that owns nothing stays where it is.
 */
export function lloyd(points: Float32Array, dimensions: number, start: Float32Array): Float32Array {
  const centers = start.slice();
  const found = centers.length / dimensions;
  const owners = new Int32Array(points.length / dimensions).fill(-1);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(centers.length);
    const sizes = new Int32Array(found);
    let moved = 0;
    for (let p = 0; p < owners.length; p++) {
      const owner = nearest(points, p, centers, dimensions, found);
      if (owner !== owners[p]) moved++;
      owners[p] = owner;
      sizes[owner]++;
      for (let d = 0; d < dimensions; d++) {
        sums[owner * dimensions + d] += points[p * dimensions + d];
      }
    }
    if (moved === 0) break;
    for (let c = 0; c < centers.length; c++) {
      const size = sizes[Math.floor(c / dimensions)];
      if (size > 0) centers[c] = sums[c] / size;
    }
  }
  return centers;
}

/** Points far from each other: each is drawn with a chance as the square of its distance from those before. */
function seeds(points: Float32Array, dimensions: number, count: number, rng: Rng): Float32Array {
  const amount = points.length / dimensions;
  const centers = new Float32Array(count * dimensions);
  const distances = new Float64Array(amount).fill(Number.POSITIVE_INFINITY);
  let next = Math.floor(rng.uniform() * amount);
  for (let found = 0; found < count; found++) {
    const center = points.subarray(next * dimensions, (next + 1) * dimensions);
    centers.set(center, found * dimensions);
    let total = 0;
    for (let p = 0; p < amount; p++) {
      distances[p] = Math.min(distances[p], squareDistance(points, p, center, 0, dimensions));
      total += distances[p];
    }
    if (total === 0) return centers.slice(0, (found + 1) * dimensions);
    let left = rng.uniform() * total;
    next = distances.findIndex((distance) => (left -= distance) < 0);
    // Rounding may leave a rest behind the last point.
    if (next < 0) next = distances.findLastIndex((distance) => distance > 0);
  }
  return centers;
}

function nearest(
  points: Float32Array,
  point: number,
  centers: Float32Array,
  dimensions: number,
  count: number,
): number {
  let index = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < count; c++) {
    const distance = squareDistance(points, point, centers, c, dimensions);
    if (distance < least) {
      least = distance;
      index = c;
    }
  }
  return index;
}

function squareDistance(
  a: Float32Array,
  at: number,
  b: Float32Array,
  of: number,
  dimensions: number,
): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    sum += (a[at * dimensions + d] - b[of * dimensions + d]) ** 2;
  }
  return sum;
}
