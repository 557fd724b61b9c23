import type { NumberArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { orderedVoxels } from '../voxels/contiguous.js';
import { insideRange, linearTaps } from './axis-taps.js';
import { floatVoxels } from './float-voxels.js';
import { shrinkSigma } from './grid-map.js';
import { axisSteps, interpolatePlanes } from './interpolate-planes.js';
import { resampleAxis } from './resample-axis.js';

/**
 * Linear resampling where new axis d runs along old axis d (permute first): old = step · new + shift. Separable:
 * axes that shrink are smoothed and thinned out one after the other; what remains is interpolated plane by plane.
 * `target` is i fastest. `fill` undefined: the nearest edge.
 */
export function resampleAligned(
  data: NdArray<NumberArray>,
  step: Vec3,
  shift: Vec3,
  target: NumberArray,
  size: Vec3,
  antialias: boolean,
  fill: number | undefined,
): void {
  const shape = [...data.shape] as Vec3;
  const axes = [0, 1, 2] as const;
  const from: Vec3 = [0, 0, 0];
  const to: Vec3 = [...size];
  if (fill !== undefined) {
    if (fill !== 0) target.fill(fill);
    for (const d of axes) {
      const { first, last } = insideRange(size[d], shape[d], step[d], shift[d]);
      from[d] = first;
      to[d] = last + 1;
    }
  }
  const restStep: Vec3 = [...step];
  const restShift: Vec3 = [...shift];
  // The strongest shrinking first: it leaves the least for the others.
  const shrinking = axes
    .filter((d) => antialias && shrinkSigma(Math.abs(step[d])) > 0)
    .sort((a, b) => Math.abs(step[b]) - Math.abs(step[a]));
  let voxels: NumberArray = shrinking.length > 0 ? floatVoxels(data) : orderedVoxels(data);
  for (const d of shrinking) {
    const sigma = shrinkSigma(Math.abs(step[d]));
    const taps = linearTaps(size[d], shape[d], step[d], shift[d], sigma);
    voxels = resampleAxis(voxels as Float32Array | Float64Array, shape, d, taps);
    shape[d] = size[d];
    restStep[d] = 1;
    restShift[d] = 0;
  }
  const [x, y, z] = axes.map((d) => axisSteps(size[d], shape[d], restStep[d], restShift[d]));
  interpolatePlanes(voxels, shape, [x, y, z], target, size, from, to);
}
