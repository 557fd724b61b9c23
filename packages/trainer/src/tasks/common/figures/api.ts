import type { Region, RegionScore, SurfaceKind } from '@genesis/inference';
import type { Interval } from '../../../statistics/api.js';
import type { Summary } from '../summarize.js';

/** A figure of a segmentation: those of `RegionScore`, and what only probabilities tell. */
export type FigureName = keyof RegionScore | 'meanIou';

/** Figures of one class or region in one case; those that make no sense there are undefined. */
export type Figures = Readonly<Partial<Record<FigureName, number | undefined>>>;

/** What figures are taken of, beside the classes, and how. */
export interface FigureOpts {
  /** Several classes taken together. */
  readonly regions?: readonly Region[];
  /** Of the surface Dice, in mm. Default 1. */
  readonly tolerance?: number;
  /** What surfaces are made of: see `scoreRegions` of `@genesis/inference`. Default 'elements'. */
  readonly surface?: SurfaceKind;
  /** A lesion counts as found when more than this share of its voxels is predicted, 0…1. Default 0: one voxel is enough. */
  readonly lesionOverlap?: number;
}

/** Mean and standard deviation over cases, with an interval of the mean. */
export interface FigureSummary extends Summary {
  /** 95 % bootstrap interval (BCa) of the mean; left out when fewer than two cases have a value. */
  readonly interval?: Interval;
}
