/** The p-value of the two-sample Kolmogorov–Smirnov test (asymptotic; conservative with ties). */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i], y[j]);
    while (i < x.length && x[i] <= value) i++;
    while (j < y.length && y[j] <= value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  const n = Math.sqrt((x.length * y.length) / (x.length + y.length));
  const lambda = (n + 0.12 + 0.11 / n) * distance;
  if (lambda < 0.2) return 1;
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(Math.max(p, 0), 1);
}

/** The p-value of the χ² test that two samples of classes have the same frequencies. */
export function chiSquared(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const counts = new Map<number, [number, number]>();
  const count = (sample: ArrayLike<number>, which: 0 | 1): void => {
    for (const value of Array.from(sample)) {
      const pair = counts.get(value) ?? [0, 0];
      pair[which]++;
      counts.set(value, pair);
    }
  };
  count(a, 0);
  count(b, 1);
  const total = a.length + b.length;
  let statistic = 0;
  for (const pair of counts.values()) {
    for (const [which, size] of [a.length, b.length].entries()) {
      const expected = ((pair[0] + pair[1]) * size) / total;
      statistic += (pair[which] - expected) ** 2 / expected;
    }
  }
  return upperGamma((counts.size - 1) / 2, statistic / 2);
}

/** The regularised upper incomplete gamma function for half-integer s, by recurrence. */
function upperGamma(s: number, x: number): number {
  if (s === 0) return 1;
  // Q(s + 1, x) = Q(s, x) + x^s e^−x / Γ(s + 1)
  let at = Number.isInteger(s) ? 1 : 0.5;
  let q = Number.isInteger(s) ? Math.exp(-x) : erfc(Math.sqrt(x));
  let term = at === 1 ? x * Math.exp(-x) : (2 * Math.sqrt(x) * Math.exp(-x)) / Math.sqrt(Math.PI);
  while (at < s) {
    q += term;
    at += 1;
    term *= x / at;
  }
  return q;
}

/** Complementary error function (Numerical Recipes' erfcc, relative error below 1.2e-7). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  const polynomial = series.reduceRight((sum, c) => sum * t + c, 0);
  return t * Math.exp(-x * x + polynomial);
}
