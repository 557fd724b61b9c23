import type { Vec3 } from '@genesis/core';
import type { AxisTaps } from './axis-taps.js';
import type { FloatVoxels } from './float-voxels.js';

/** Applies weights along one axis of voxels with i fastest; `shape` is that of the input. New voxels, same float type. */
export function resampleAxis(
  source: FloatVoxels,
  shape: Vec3,
  axis: 0 | 1 | 2,
  taps: AxisTaps,
): FloatVoxels {
  const count = taps.start.length;
  const length = shape[axis];
  const run = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1];
  const outer = (shape[0] * shape[1] * shape[2]) / (run * length);
  const target = new (source.constructor as new (n: number) => FloatVoxels)(outer * count * run);
  if (axis === 0) alongRows(source, target, length, outer, taps);
  else acrossRows(source, target, length, outer, run, taps);
  return target;
}

function alongRows(
  source: FloatVoxels,
  target: FloatVoxels,
  length: number,
  rows: number,
  taps: AxisTaps,
): void {
  const { start, weights, width } = taps;
  for (let row = 0, write = 0; row < rows; row++) {
    for (let n = 0; n < start.length; n++, write++) {
      const read = row * length + start[n];
      let sum = 0;
      for (let m = 0; m < width; m++) {
        const w = weights[n * width + m];
        // Not multiplied by 0, which would spread NaN.
        if (w !== 0) sum += w * source[read + m];
      }
      target[write] = sum;
    }
  }
}

/** Longest piece of a run that is summed up at once, so that the sums stay in the cache. */
const PIECE = 2048;

function acrossRows(
  source: FloatVoxels,
  target: FloatVoxels,
  length: number,
  outer: number,
  run: number,
  taps: AxisTaps,
): void {
  const { start, weights, width } = taps;
  const sums = new Float64Array(Math.min(PIECE, run));
  for (let block = 0; block < outer; block++) {
    for (let n = 0; n < start.length; n++) {
      const write = (block * start.length + n) * run;
      for (let from = 0; from < run; from += PIECE) {
        const to = Math.min(from + PIECE, run);
        sums.fill(0);
        for (let m = 0; m < width; m++) {
          const w = weights[n * width + m];
          if (w === 0) continue;
          const read = (block * length + start[n] + m) * run;
          for (let i = from, at = 0; i < to; i++, at++) sums[at] += w * source[read + i];
        }
        for (let i = from, at = 0; i < to; i++, at++) target[write + i] = sums[at];
      }
    }
  }
}
