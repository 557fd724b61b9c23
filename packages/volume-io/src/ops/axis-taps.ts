import { discreteGaussian } from './discrete-gaussian.js';

/** For each new voxel along one axis, the run of old voxels that it is made of. */
export interface AxisTaps {
  /** First old voxel; always within the axis. */
  start: Int32Array;
  /** `width` weights for each new voxel. */
  weights: Float64Array;
  width: number;
}

/**
 * New voxel n lies at old coordinate step·n + shift. Linear interpolation between old voxels, which were smoothed first
 * when sigma > 0: both are linear, so one run of weights does both. Beyond the ends the outer voxel is repeated.
 */
export function linearTaps(
  count: number,
  length: number,
  step: number,
  shift: number,
  sigma: number,
): AxisTaps {
  const kernel = sigma > 0 ? discreteGaussian(sigma) : Float64Array.of(1);
  const radius = (kernel.length - 1) / 2;
  const width = Math.min(length, kernel.length + 1);
  const start = new Int32Array(count);
  const weights = new Float64Array(count * width);
  for (let n = 0; n < count; n++) {
    const c = Math.max(0, Math.min(length - 1, step * n + shift));
    const lower = Math.min(Math.floor(c), Math.max(0, length - 2));
    const part = c - lower;
    const first = Math.max(0, Math.min(lower - radius, length - width));
    start[n] = first;
    for (let m = 0; m < kernel.length; m++) {
      for (const [at, share] of [
        [lower, 1 - part],
        [lower + 1, part],
      ] as const) {
        if (share === 0) continue;
        const old = Math.max(0, Math.min(length - 1, at + m - radius));
        weights[n * width + old - first] += kernel[m] * share;
      }
    }
  }
  return { start, weights, width };
}

/** Smoothing alone: every voxel stays where it is. */
export function smoothingTaps(length: number, sigma: number): AxisTaps {
  return linearTaps(length, length, 1, 0, sigma);
}

/** New voxels first … last (inclusive) have their centre within the old volume: −½ ≤ c < length − ½, as in ITK. */
export function insideRange(
  count: number,
  length: number,
  step: number,
  shift: number,
): { first: number; last: number } {
  let first = count;
  let last = -1;
  for (let n = 0; n < count; n++) {
    const c = step * n + shift;
    if (c >= -0.5 && c < length - 0.5) {
      first = Math.min(first, n);
      last = n;
    }
  }
  return { first, last };
}
