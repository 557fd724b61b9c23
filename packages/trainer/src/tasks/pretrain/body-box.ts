import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import { otsuThreshold } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import { planeCounts } from '../../plane-counts.js';

/** Where the body lies in a volume, in voxels along each axis. */
export interface BodyBox {
  readonly first: ReadonlyVec3;
  readonly last: ReadonlyVec3;
}

/** Of the bright voxels, the share that may lie before and behind the box along an axis: table, tubes, noise. */
const OUTSIDE = 0.01;

/**
 * The box that holds the voxels above Otsu's threshold, but for 1 % at each of its faces. Scans show more or less air around
 * the body, or are filled up with it; the same organ lies at the same place of the box all the same.
 */
export function bodyBox(data: NdArray<Float32Array>): BodyBox {
  const threshold = otsuThreshold(data);
  const ends = planeCounts(data, (value) => value >= threshold).map(endsOf);
  const along = (end: 0 | 1): Vec3 => [ends[0][end], ends[1][end], ends[2][end]];
  return { first: along(0), last: along(1) };
}

/** First and last place between which all but a share at each end lies. */
function endsOf(counts: Uint32Array): [number, number] {
  const most = OUTSIDE * counts.reduce((sum, count) => sum + count, 0);
  const end = (places: readonly number[]): number => {
    let passed = 0;
    return places.find((place) => (passed += counts[place]) > most) ?? places[0];
  };
  const places = Array.from(counts.keys());
  return [end(places), end(places.toReversed())];
}

/** All of a volume of these sides. */
export function wholeBox([nx, ny, nz]: readonly number[]): BodyBox {
  return { first: [0, 0, 0], last: [nx - 1, ny - 1, nz - 1] };
}
