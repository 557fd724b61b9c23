import type { ReadonlyVec3 } from '@genesis/core';

/** The first i at which 0 ≤ x0 + i·dx < n − 1 holds as computed; it may be past the row's end. */
export function enters(x0: number, dx: number, n: number): number {
  if (dx === 0) return x0 >= 0 && x0 < n - 1 ? 0 : Number.POSITIVE_INFINITY;
  const i = Math.max(0, Math.ceil(((dx > 0 ? 0 : n - 1) - x0) / dx) - 1);
  for (let at = i; at < i + 3; at++) {
    const x = x0 + at * dx;
    if (x >= 0 && x < n - 1) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** The last such i. */
export function leaves(x0: number, dx: number, n: number): number {
  if (dx === 0) return x0 >= 0 && x0 < n - 1 ? Number.POSITIVE_INFINITY : -1;
  const i = Math.floor(((dx > 0 ? n - 1 : 0) - x0) / dx) + 1;
  for (let at = i; at > i - 3 && at >= 0; at--) {
    const x = x0 + at * dx;
    if (x >= 0 && x < n - 1) return at;
  }
  return -1;
}

/** Does x lie in one of n voxels, which reach half a voxel beyond their centres? */
export const within = (x: number, n: number): boolean => x >= -0.5 && x < n - 0.5;

/** x, held between the centres of the first and the last voxel. */
export const held = (x: number, n: number): number => Math.max(0, Math.min(n - 1, x));

/**
 * The first and the last of the old voxels along old axis `old` (of `length` voxels) that lie around the n-th new plane
 * across new axis `fresh`, 1 or 2. `m`: new voxel → old voxel.
 */
export function planeReach(
  m: Float64Array,
  size: ReadonlyVec3,
  fresh: 1 | 2,
  n: number,
  old: number,
  length: number,
): [number, number] {
  const [di, dj, dk, start] = m.subarray(old * 4);
  const [along, across] = fresh === 2 ? [dk, dj] : [dj, dk];
  const i = di * (size[0] - 1);
  const j = across * (size[3 - fresh] - 1);
  const first = start + along * n;
  const least = first + Math.min(0, i) + Math.min(0, j);
  const most = first + Math.max(0, i) + Math.max(0, j);
  // One more at each end, for what rounding does to the places of single voxels.
  return [held(Math.floor(least) - 1, length), held(Math.floor(most) + 2, length)];
}
