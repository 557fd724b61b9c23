import type { SurfaceDistances, SurfacePoints } from './surface-distances.js';

/**
 * The Hausdorff distance in mm, or that below which a share of each surface lies: the larger of both directions. Of weighted elements,
 * the distance at which their area reaches the share (DeepMind's robust Hausdorff); of counted voxels, numpy's linear quantile (MONAI).
 *
 * @param share - 0…1, such as 0.95. Default 1: the largest distance.
 * @returns Infinite where one mask is empty; undefined where both are.
 */
export function hausdorffDistance(
  { first, second }: SurfaceDistances,
  share = 1,
): number | undefined {
  if (isEmpty(first, second)) return undefined;
  if (first.distances.length === 0 || second.distances.length === 0) return Infinity;
  return Math.max(quantile(first, share), quantile(second, share));
}

/**
 * The mean distance in mm between the surfaces, over both together.
 *
 * @returns Infinite where one mask is empty; undefined where both are.
 */
export function averageSurfaceDistance({ first, second }: SurfaceDistances): number | undefined {
  if (isEmpty(first, second)) return undefined;
  const [a, b] = [moments(first), moments(second)];
  return a.total === 0 || b.total === 0 ? Infinity : (a.sum + b.sum) / (a.total + b.total);
}

/**
 * The normalized surface Dice (Nikolov et al. 2018): the share of both surfaces that lies no farther from the other than `tolerance`.
 *
 * @param tolerance - In mm, at least 0.
 * @returns 0 where one mask is empty; undefined where both are.
 */
export function surfaceDice(
  { first, second }: SurfaceDistances,
  tolerance: number,
): number | undefined {
  if (isEmpty(first, second)) return undefined;
  const [a, b] = [first, second].map((points) => moments(points, tolerance));
  return (a.near + b.near) / (a.total + b.total);
}

function isEmpty(first: SurfacePoints, second: SurfacePoints): boolean {
  return first.distances.length === 0 && second.distances.length === 0;
}

interface Moments {
  /** Of areas, or the count. */
  readonly total: number;
  /** Of distances, weighted. */
  readonly sum: number;
  /** The part of the total within the tolerance. */
  readonly near: number;
}

function moments({ distances, areas }: SurfacePoints, tolerance = 0): Moments {
  let [total, sum, near] = [0, 0, 0];
  for (let n = 0; n < distances.length; n++) {
    const weight = areas ? areas[n] : 1;
    total += weight;
    sum += weight * distances[n];
    if (distances[n] <= tolerance) near += weight;
  }
  return { total, sum, near };
}

function quantile({ distances, areas }: SurfacePoints, share: number): number {
  if (!areas) {
    const sorted = distances.slice().sort();
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
  // Few distances are different.
  const byDistance = new Map<number, number>();
  let total = 0;
  for (let n = 0; n < distances.length; n++) {
    byDistance.set(distances[n], (byDistance.get(distances[n]) ?? 0) + areas[n]);
    total += areas[n];
  }
  const sorted = Float64Array.from(byDistance.keys()).sort();
  let area = 0;
  for (const distance of sorted) {
    area += byDistance.get(distance) ?? 0;
    if (area / total >= share) return distance;
  }
  return sorted[sorted.length - 1];
}
