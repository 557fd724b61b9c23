import type { NumberArray, ReadonlyVec3, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { alignedPlan, runPlan } from './aligned-plan.js';
import { insideRange } from './axis-taps.js';

/**
 * Linear resampling where new axis d runs along old axis d (permute first): old = step · new + shift. Separable:
 * axes that shrink are smoothed and thinned out one after the other; what remains is interpolated plane by plane.
 * `target` is i fastest. `fill` undefined: the nearest edge.
 */
export function resampleAligned(
  data: NdArray<NumberArray>,
  step: ReadonlyVec3,
  shift: ReadonlyVec3,
  target: NumberArray,
  size: ReadonlyVec3,
  antialias: boolean,
  fill: number | undefined,
): void {
  const shape = [...data.shape] as Vec3;
  const from: Vec3 = [0, 0, 0];
  const to: Vec3 = [...size];
  if (fill !== undefined) {
    if (fill !== 0) target.fill(fill);
    for (const d of [0, 1, 2] as const) {
      const { first, last } = insideRange(size[d], shape[d], step[d], shift[d]);
      from[d] = first;
      to[d] = last + 1;
    }
  }
  runPlan(data, alignedPlan(shape, size, step, shift, antialias), target, size, from, to);
}
