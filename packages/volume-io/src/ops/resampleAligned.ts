import type { NdArray } from 'ndarray';
import type { Vec3, VoxelArray } from '../api.js';
import { insideRange, linearTaps } from './axisTaps.js';
import { type FloatVoxels, floatVoxels } from './floatVoxels.js';
import { shrinkSigma } from './gridMap.js';
import { resampleAxis } from './resampleAxis.js';
import { integerRange, storeRow } from './voxelRange.js';

/**
 * Linear resampling where new axis d runs along old axis d (permute first): old = step · new + shift. Separable:
 * axes that shrink are smoothed and thinned out one after the other; what remains is done row by row in one pass.
 * `target` is i fastest. `fill` undefined: the nearest edge.
 */
export function resampleAligned(
  data: NdArray<VoxelArray>,
  step: Vec3,
  shift: Vec3,
  target: VoxelArray,
  size: Vec3,
  antialias: boolean,
  fill: number | undefined,
): void {
  let voxels: FloatVoxels = floatVoxels(data);
  const shape = [...data.shape] as Vec3;
  const inside = ([0, 1, 2] as const).map((d) =>
    fill === undefined
      ? { first: 0, last: size[d] - 1 }
      : insideRange(size[d], shape[d], step[d], shift[d]),
  );
  const restStep: Vec3 = [...step];
  const restShift: Vec3 = [...shift];
  // The strongest shrinking first: it leaves the least for the others.
  const axes = ([0, 1, 2] as const)
    .filter((d) => antialias && shrinkSigma(Math.abs(step[d])) > 0)
    .sort((a, b) => Math.abs(step[b]) - Math.abs(step[a]));
  for (const d of axes) {
    const sigma = shrinkSigma(Math.abs(step[d]));
    voxels = resampleAxis(
      voxels,
      shape,
      d,
      linearTaps(size[d], shape[d], step[d], shift[d], sigma),
    );
    shape[d] = size[d];
    restStep[d] = 1;
    restShift[d] = 0;
  }
  const taps = ([0, 1, 2] as const).map((d) =>
    pairs(size[d], shape[d], restStep[d], restShift[d]),
  ) as [Pairs, Pairs, Pairs];
  if (fill !== undefined && fill !== 0) target.fill(fill);
  interpolateRows(voxels, shape, taps, target, size, inside);
}

/** The old voxel before each new one and the weight of the next. */
interface Pairs {
  first: Int32Array;
  part: Float64Array;
}

function pairs(count: number, length: number, step: number, shift: number): Pairs {
  const first = new Int32Array(count);
  const part = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const c = Math.max(0, Math.min(length - 1, step * n + shift));
    first[n] = Math.floor(c);
    part[n] = c - first[n]!;
  }
  return { first, part };
}

function interpolateRows(
  voxels: FloatVoxels,
  shape: Vec3,
  [x, y, z]: readonly [Pairs, Pairs, Pairs],
  target: VoxelArray,
  size: Vec3,
  inside: readonly { first: number; last: number }[],
): void {
  const range = integerRange(target);
  const [wide] = shape;
  const plane = shape[0] * shape[1];
  // One more than the row, so that the last voxel has a neighbour (of weight 0).
  const mixed = new Float64Array(wide + 1);
  const from = inside[0]!.first;
  const count = inside[0]!.last - from + 1;
  if (count <= 0) return;
  const firsts = x.first.subarray(from, from + count);
  const parts = x.part.subarray(from, from + count);
  const row = new Float64Array(count);
  for (let k = inside[2]!.first; k <= inside[2]!.last; k++) {
    const w = z.part[k]!;
    const front = z.first[k]! * plane;
    const back = w > 0 ? front + plane : front;
    for (let j = inside[1]!.first; j <= inside[1]!.last; j++) {
      const v = y.part[j]!;
      const upper = y.first[j]! * wide;
      const lower = v > 0 ? upper + wide : upper;
      mixRows(voxels, mixed, wide, front + upper, front + lower, back + upper, back + lower, v, w);
      mixed[wide] = mixed[wide - 1]!;
      mixAlong(mixed, firsts, parts, row);
      storeRow(target, from + size[0] * (j + size[1] * k), row, count, range);
    }
  }
}

function mixAlong(
  mixed: Float64Array,
  firsts: Int32Array,
  parts: Float64Array,
  row: Float64Array,
): void {
  for (let i = 0; i < row.length; i++) {
    const at = firsts[i]!;
    const part = parts[i]!;
    const a = mixed[at]!;
    // Not multiplied by 0, which would spread NaN.
    row[i] = part === 0 ? a : a + part * (mixed[at + 1]! - a);
  }
}

/** Bilinear mixture of four rows; rows of no weight are not read, so that they cannot spread NaN. */
function mixRows(
  voxels: FloatVoxels,
  out: Float64Array,
  n: number,
  a: number,
  b: number,
  c: number,
  d: number,
  v: number,
  w: number,
): void {
  if (v === 0 && w === 0) {
    for (let i = 0; i < n; i++) out[i] = voxels[a + i]!;
  } else if (v === 0 || w === 0) {
    const other = v === 0 ? c : b;
    const part = v + w;
    for (let i = 0; i < n; i++) out[i] = (1 - part) * voxels[a + i]! + part * voxels[other + i]!;
  } else {
    const wa = (1 - v) * (1 - w);
    const wb = v * (1 - w);
    const wc = (1 - v) * w;
    const wd = v * w;
    for (let i = 0; i < n; i++) {
      out[i] =
        wa * voxels[a + i]! + wb * voxels[b + i]! + wc * voxels[c + i]! + wd * voxels[d + i]!;
    }
  }
}
