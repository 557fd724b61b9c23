import type { NumberArray } from '@genesis/core';
import type { NdArray } from 'ndarray';

const BINS = 1024;

/**
 * The value that best parts voxels into a dark and a bright class (Otsu 1979). Voxels that are not finite do not count,
 * and the brightest 0.5 % are held at their lower end, so that a few bright vessels do not decide. A constant volume
 * gives its value.
 *
 * @param data - Of rank 1 to 3.
 */
export function otsuThreshold(data: NdArray<NumberArray>): number {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  eachValue(data, (v) => {
    if (v < min && v > Number.NEGATIVE_INFINITY) min = v;
    if (v > max && v < Number.POSITIVE_INFINITY) max = v;
  });
  if (!(max > min)) return min;
  const top = upperEnd(histogram(data, min, max), min, max);
  const counts = histogram(data, min, top);
  const width = (top - min) / BINS;
  let total = 0;
  let sum = 0;
  for (let n = 0; n < BINS; n++) {
    total += counts[n];
    sum += n * counts[n];
  }
  let below = 0;
  let belowSum = 0;
  let best = 0;
  let bestBetween = -1;
  for (let n = 0; n < BINS - 1; n++) {
    below += counts[n];
    belowSum += n * counts[n];
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const gap = belowSum / below - (sum - belowSum) / above;
    const between = below * above * gap * gap;
    if (between > bestBetween) {
      bestBetween = between;
      best = n;
    }
  }
  return min + (best + 1) * width;
}

function histogram(data: NdArray<NumberArray>, min: number, max: number): Float64Array {
  const counts = new Float64Array(BINS);
  const scale = BINS / (max - min);
  eachValue(data, (v) => {
    if (v - v !== 0) return;
    const n = Math.floor((v - min) * scale);
    counts[n < BINS ? n : BINS - 1]++;
  });
  return counts;
}

/** Value below which 99.5 % of the voxels lie; never the minimum. */
function upperEnd(counts: Float64Array, min: number, max: number): number {
  let total = 0;
  for (const c of counts) total += c;
  let seen = 0;
  for (let n = 0; n < BINS; n++) {
    seen += counts[n];
    if (seen >= 0.995 * total) return min + ((n + 1) * (max - min)) / BINS;
  }
  return max;
}

function eachValue(data: NdArray<NumberArray>, visit: (value: number) => void): void {
  const [nx = 1, ny = 1, nz = 1] = data.shape;
  const [si = 0, sj = 0, sk = 0] = data.stride;
  const voxels = data.data;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      let at = data.offset + j * sj + k * sk;
      for (let i = 0; i < nx; i++, at += si) visit(voxels[at]);
    }
  }
}
