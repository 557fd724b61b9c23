import type { NumberArray, ReadonlyVec3, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { Region } from '../api.js';
import { orderedVoxels } from '../voxels/contiguous.js';
import { type AxisTaps, linearTaps } from './axis-taps.js';
import { floatVoxels } from './float-voxels.js';
import { shrinkSigma } from './grid-map.js';
import { type AxisSteps, axisSteps, interpolatePlanes } from './interpolate-planes.js';
import { resampleAxis } from './resample-axis.js';

/** How the new voxels along one axis come out of the old ones. */
export interface AxisPlan {
  /** Smoothing and thinning out in one, where the axis shrinks. */
  readonly taps?: AxisTaps;
  /** What is left to interpolate afterwards. */
  readonly steps: AxisSteps;
}

/** Linear resampling between grids with parallel axes, worked out axis by axis. */
export interface AlignedPlan {
  readonly axes: readonly [AxisPlan, AxisPlan, AxisPlan];
  /** Axes that shrink, the strongest shrinking first: it leaves the least for the others. */
  readonly shrinking: readonly (0 | 1 | 2)[];
}

const AXES = [0, 1, 2] as const;

/** The plan from a volume of `shape` to one of `size`, where old = step · new + shift along each axis. */
export function alignedPlan(
  shape: ReadonlyVec3,
  size: ReadonlyVec3,
  step: ReadonlyVec3,
  shift: ReadonlyVec3,
  antialias: boolean,
): AlignedPlan {
  const sigma = step.map((s) => (antialias ? shrinkSigma(Math.abs(s)) : 0));
  const shrinking = AXES.filter((d) => sigma[d] > 0).sort(
    (a, b) => Math.abs(step[b]) - Math.abs(step[a]),
  );
  const [x, y, z] = AXES.map((d): AxisPlan => {
    if (sigma[d] === 0) return { steps: axisSteps(size[d], shape[d], step[d], shift[d]) };
    const taps = linearTaps(size[d], shape[d], step[d], shift[d], sigma[d]);
    return { taps, steps: axisSteps(size[d], size[d], 1, 0) };
  });
  return { axes: [x, y, z], shrinking };
}

/** The old voxels, from (inclusive) to (exclusive), that the new ones from `from` to `to` are made of. */
export function oldRange({ taps, steps }: AxisPlan, from: number, to: number): [number, number] {
  if (taps) {
    const starts = taps.start.subarray(from, to);
    return [Math.min(...starts), Math.max(...starts) + taps.width];
  }
  const behind = steps.part
    .subarray(from, to)
    .map((part, n) => steps.first[from + n] + Math.ceil(part));
  return [Math.min(...steps.first.subarray(from, to)), Math.max(...behind) + 1];
}

/** The plan for the new voxels of a region, from old ones of which the first is `start`. */
export function planForRegion(plan: AlignedPlan, region: Region, start: ReadonlyVec3): AlignedPlan {
  const [x, y, z] = AXES.map((d): AxisPlan => {
    const { taps, steps } = plan.axes[d];
    const [from, to] = [region.start[d], region.start[d] + region.size[d]];
    if (!taps) {
      return {
        steps: {
          first: steps.first.subarray(from, to).map((at) => at - start[d]),
          part: steps.part.subarray(from, to),
        },
      };
    }
    return {
      taps: {
        start: taps.start.subarray(from, to).map((at) => at - start[d]),
        weights: taps.weights.subarray(from * taps.width, to * taps.width),
        width: taps.width,
      },
      steps: axisSteps(region.size[d], region.size[d], 1, 0),
    };
  });
  return { axes: [x, y, z], shrinking: plan.shrinking };
}

/** Resamples by a plan. `target` is i fastest; only new voxels from `from` (inclusive) to `to` (exclusive) are written. */
export function runPlan(
  data: NdArray<NumberArray>,
  { axes, shrinking }: AlignedPlan,
  target: NumberArray,
  size: ReadonlyVec3,
  from: ReadonlyVec3,
  to: ReadonlyVec3,
): void {
  const shape = [...data.shape] as Vec3;
  let voxels: NumberArray = shrinking.length > 0 ? floatVoxels(data) : orderedVoxels(data);
  for (const d of shrinking) {
    const { taps } = axes[d];
    if (!taps) continue;
    voxels = resampleAxis(voxels as Float32Array | Float64Array, shape, d, taps);
    shape[d] = size[d];
  }
  const [x, y, z] = axes;
  interpolatePlanes(voxels, shape, [x.steps, y.steps, z.steps], target, size, from, to);
}
