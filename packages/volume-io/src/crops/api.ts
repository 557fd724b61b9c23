import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';

/** First voxel (i, j, k) of a crop. */
export type CropPosition = Vec3;

/**
 * Which crops are kept.
 * 'reference': the rule for chest CT that Models Genesis was pre-trained with. For each voxel, d is how many of the
 *   next slices (0, 1, 2) one looks ahead along k to meet a voxel ≥ threshold (2 if none); the crop is rejected when
 *   the sum of 1 − d/2 is above 0.15 of its voxels. It keeps crops that are mostly lung.
 * 'lung': the same measure made to fit volumes of any kind. Where fewer than a tenth of the places pass (coarse voxels, at
 *   which a crop holds more than lung; other parts of the body), the limit is raised until a tenth does, which still
 *   prefers lung to solid tissue.
 * 'foreground': crops that hold enough voxels ≥ threshold; for MR and anything else with a dark background.
 * 'any': every crop.
 */
export type CropRule = 'reference' | 'lung' | 'foreground' | 'any';

/** Which crops a sampler gives; the defaults are those of Models Genesis on chest CT. */
export interface CropSamplerOpts {
  /** Voxels along i, j, k. Default [64, 64, 32]. */
  size?: ReadonlyVec3;
  /** Which crops are kept. Default 'reference'. */
  rule?: CropRule;
  /**
   * Voxels at each face where no crop begins or ends. 'reference': 100, 100, 30, whatever the volume.
   * 'scaled': the same for a volume as large as those of LUNA16 (512 × 512 × 95 or more), proportionally less for
   * smaller ones, so that they can be cropped at all. Default: 'scaled' for the rules 'reference' and 'lung', no border for the others.
   */
  border?: 'scaled' | 'reference' | ReadonlyVec3;
  /** Value from which on a voxel counts. Default: 0.425 (−150 HU after −1000…1000 → 0…1) for 'reference' and 'lung', Otsu's threshold of the volume for 'foreground'. */
  threshold?: number;
  /** 'reference', 'lung': slices looked at, the voxel's own included. Default 3. */
  lookAhead?: number;
  /** 'reference', 'lung': largest mean of 1 − d/2; 'lung' may raise it. Default 0.15. */
  maxDense?: number;
  /** 'foreground': smallest part of a crop that is foreground, 0 … 1. Default: half of what the best crop has. */
  minForeground?: number;
  /** Positions tried for each crop asked for. Default 50. */
  tries?: number;
}

/** Start positions that may be drawn, both ends inclusive. */
export interface CropRange {
  /** First start (i, j, k). */
  lo: Vec3;
  /** Last start. */
  hi: Vec3;
}

/** Draws crops of one volume. */
export interface CropSampler {
  /** Voxels of a crop along i, j, k. */
  readonly size: Vec3;
  /** Undefined when the borders leave no room: nothing is ever drawn. */
  readonly range: CropRange | undefined;
  /** The limit of the score that 'lung' raised to fit the volume; undefined when the rule's own holds. */
  readonly raisedLimit: number | undefined;
  /** Mean of 1 − d/2 ('reference', 'lung'), part of foreground ('foreground'), 0 ('any'). */
  score(position: ReadonlyVec3): number;
  /** Whether the rule keeps the crop at this start. Throws VolumeIoError 'bad-argument' outside the range, as `score` does. */
  accepts(position: ReadonlyVec3): boolean;
  /**
   * Draws up to `count` positions: i, j, k of each try from three numbers of `random` in [0, 1), at most
   * `tries` × count tries. Fewer, or none, when the volume has too few places that the rule accepts.
   */
  draw(count: number, random: () => number): CropPosition[];
}

/** What drawCrops takes. */
export interface DrawCropsOpts extends CropSamplerOpts {
  /** Crops wanted. */
  count: number;
  /** Numbers in [0, 1). */
  random: () => number;
}

/** Crops with the places where they were taken. */
export interface DrawnCrops {
  /** First voxel of each crop. */
  positions: CropPosition[];
  /** Contiguous, shape = size, k fastest. New arrays, the caller's. */
  crops: NdArray<Float32Array>[];
}
