/** What the truncated kernel may lack of the whole, before it is scaled to 1. */
const MAX_ERROR = 1e-3;

/**
 * The discrete analogue of the Gaussian: e^−t I_n(t), n = −r … r, t = σ² in voxels² (Lindeberg, IEEE PAMI 12(3), 1990),
 * cut off where it holds all but 0.001 of its sum, then scaled to sum 1. It is what ITK's GaussianOperator makes with
 * the same maximum error. Unlike a sampled Gaussian it keeps its variance when it is narrow.
 */
export function discreteGaussian(sigma: number): Float64Array {
  const half = scaledBessel(sigma * sigma);
  let sum = half[0];
  let radius = 0;
  while (radius + 1 < half.length && (radius < 1 || sum < 1 - MAX_ERROR)) {
    radius++;
    sum += 2 * half[radius];
  }
  const kernel = new Float64Array(2 * radius + 1);
  for (let n = -radius; n <= radius; n++) kernel[n + radius] = half[Math.abs(n)] / sum;
  return kernel;
}

/**
 * e^−t I_n(t) for n = 0, 1, … until negligible, by Miller's backward recurrence
 * I_{n−1} = I_{n+1} + (2n/t) I_n, scaled with I_0 + 2 Σ I_n = e^t (Abramowitz & Stegun 9.6.26, 9.6.37).
 */
function scaledBessel(t: number): Float64Array {
  const length = Math.ceil(10 * Math.sqrt(t) + 12);
  const values = new Float64Array(length);
  let next = 0;
  let current = 1e-300;
  let sum = 0;
  for (let n = 2 * length; n >= 0; n--) {
    if (n < length) values[n] = current;
    sum += n === 0 ? current : 2 * current;
    const before = next + ((2 * n) / t) * current;
    next = current;
    current = before;
    if (current > 1e200) {
      // Only ratios matter: scale down before the numbers overflow.
      current *= 1e-250;
      next *= 1e-250;
      sum *= 1e-250;
      for (let m = Math.max(n, 0); m < length; m++) values[m] *= 1e-250;
    }
  }
  return values.map((v) => v / sum);
}
