import jstat from 'jstat';

export interface PowerOpts {
  /** Probability of finding the effect. Default 0.8. */
  readonly power?: number;
  /** Two-sided. Default 0.05. */
  readonly alpha?: number;
}

/** More runs than that nobody makes. */
const MOST = 10_000;

/** Power of the two-sided paired t test with n pairs and an effect of d_z. */
export function pairedPower(dz: number, n: number, alpha = 0.05): number {
  const critical = jstat.studentt.inv(1 - alpha / 2, n - 1);
  const noncentrality = dz * Math.sqrt(n);
  const within =
    jstat.noncentralt.cdf(critical, n - 1, noncentrality) -
    jstat.noncentralt.cdf(-critical, n - 1, noncentrality);
  return 1 - within;
}

/** Paired runs that a two-sided t test needs for an effect of d_z; Infinity where 10,000 do not suffice. */
export function runsNeeded(dz: number, { power = 0.8, alpha = 0.05 }: PowerOpts = {}): number {
  const size = Math.abs(dz);
  if (!(size > 0)) return Number.POSITIVE_INFINITY;
  for (let n = 2; n <= MOST; n++) {
    // Hopeless counts are passed by without the costly distribution.
    if (size * Math.sqrt(n) < 1 && power >= 0.5) continue;
    if (pairedPower(size, n, alpha) >= power) return n;
  }
  return Number.POSITIVE_INFINITY;
}
