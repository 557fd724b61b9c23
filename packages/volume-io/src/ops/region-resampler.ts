import type { ReadonlyVec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { Region } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { alignedPlan, oldRange, planForRegion, runPlan } from './aligned-plan.js';
import { gridMap } from './grid-map.js';
import type { VolumeGrid } from './resample-opts.js';

/** Resamples a volume part by part, where it is never in memory as a whole. */
export interface RegionResampler {
  /** The old voxels along `axis`, from (inclusive) to (exclusive), that the new ones from `from` to `to` are made of. */
  needs(axis: 0 | 1 | 2, from: number, to: number): [number, number];
  /**
   * The new voxels of `region`: bit for bit those that resampleLike gives with `fill: 'edge'`.
   *
   * @param data - Old voxels, at least those that the region needs, any strides; only read.
   * @param start - Where the first of them lies in the old volume.
   * @param target - Receives the new voxels, exactly as long. Default: a new array.
   * @returns `target`, i fastest.
   */
  resample(
    data: NdArray<Float32Array>,
    start: ReadonlyVec3,
    region: Region,
    target?: Float32Array,
  ): NdArray<Float32Array>;
}

/**
 * Linear resampling from one grid to another whose axes run along those of the first in the same order, as before and
 * after resampleToSpacing. Voxels outside the old grid take the value of the nearest edge; shrinking axes are smoothed
 * first (see ResampleOpts.antialias).
 *
 * @throws VolumeIoError 'geometry' when an affine is singular or the axes do not run along each other.
 */
export function regionResampler(old: VolumeGrid, fresh: VolumeGrid): RegionResampler {
  const { aligned } = gridMap(old, fresh);
  if (!aligned || aligned.axis.some((axis, d) => axis !== d)) {
    throw new VolumeIoError('geometry', 'the axes of the two grids do not run along each other');
  }
  const plan = alignedPlan(old.shape, fresh.shape, aligned.step, aligned.shift, true);
  return {
    needs: (axis, from, to) => oldRange(plan.axes[axis], from, to),
    resample(data, start, region, target = new Float32Array(region.size.reduce((a, b) => a * b))) {
      const { size } = region;
      runPlan(data, planForRegion(plan, region, start), target, size, [0, 0, 0], size);
      return ndarray(target, [...size], [1, size[0], size[0] * size[1]]);
    },
  };
}
