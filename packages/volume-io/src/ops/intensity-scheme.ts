/** Hounsfield units: clipped to min … max, which become 0 … 1. */
export interface CtScheme {
  /** Says which scheme it is. */
  kind: 'ct';
  /** HU. Default −1000. */
  min?: number;
  /** HU. Default 1000. */
  max?: number;
}

/** MR of a scanner that keeps its scale: clipped to min … max, which become 0 … 1. */
export interface MrScheme {
  /** Says which scheme it is. */
  kind: 'mr';
  /** Default 0. */
  min?: number;
  /** Default 4000. */
  max?: number;
}

/** Clipped to two percentiles of the volume, which become 0 … 1. */
export interface PercentileScheme {
  /** Says which scheme it is. */
  kind: 'percentile';
  /** 0 … 100. Default 0.5. */
  low?: number;
  /** 0 … 100. Default 99.5. */
  high?: number;
  /** Voxels that count. Default 'all'. */
  over?: 'all' | 'nonzero';
}

/** Less the mean, over the standard deviation (of the population). */
export interface ZScoreScheme {
  /** Says which scheme it is. */
  kind: 'zscore';
  /** Voxels that count. Default 'all'. */
  over?: 'all' | 'nonzero';
}

/** How intensities become numbers that a network can work with. */
export type IntensityScheme = CtScheme | MrScheme | PercentileScheme | ZScoreScheme;

/** What becomes of voxels that are no numbers. */
export interface NormalizeOpts {
  /**
   * Voxels that are NaN or infinite never enter percentiles, mean or deviation. 'zero' (default): NaN becomes 0;
   * infinities are clipped like any other value, and become 0 with 'zscore'. 'keep': NaN stays NaN; infinities are
   * clipped, and stay with 'zscore'. 'error': VolumeIoError 'non-finite'.
   */
  nonFinite?: 'zero' | 'keep' | 'error';
}
