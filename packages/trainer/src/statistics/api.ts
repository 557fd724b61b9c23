/** An estimate with an interval that holds the true value in `level` of all repetitions. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0…1, such as 0.95. */
  readonly level: number;
}

/** How random numbers are drawn where an exact answer would take too long. */
export interface ResampleOpts {
  /** Default 10,000. */
  readonly resamples?: number;
  /** Default 0. The same seed gives the same answer. */
  readonly seed?: number;
  /** Of the interval. Default 0.95. */
  readonly level?: number;
}
