import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { RegionResampler } from '@genesis/volume-io';

/** The voxels that a result has, and which of the windows' voxels each is made of. */
export interface OutputGrid {
  readonly shape: ReadonlyVec3;
  /** The windows' voxels along `axis`, from (inclusive) to (exclusive), that those of the result from `from` to `to` need. */
  needs(axis: 0 | 1 | 2, from: number, to: number): [number, number];
  /** How the result's voxels come out of the windows'; left out: they are the same. */
  readonly resampler?: RegionResampler;
}

/** The result has the voxels of the windows themselves. */
export function sameGrid(shape: ReadonlyVec3): OutputGrid {
  return { shape, needs: (_, from, to) => [from, to] };
}

/** The result has other voxels, of `shape`. */
export function resampledGrid(resampler: RegionResampler, shape: Vec3): OutputGrid {
  return { shape, needs: resampler.needs, resampler };
}
