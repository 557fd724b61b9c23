import type { ReadonlyVec3 } from '@genesis/core';
import type { SurfaceKind } from './surface-distances.js';

/** What is scored: one class, or several classes together. */
export interface Region {
  readonly name: string;
  /** The label values that belong to it, at least one. */
  readonly values: readonly number[];
}

export interface ScoreOpts {
  /** Sides of a voxel in mm. */
  readonly spacing: ReadonlyVec3;
  /** Voxels with this label in the truth count as outside everything, in the truth and in the prediction. */
  readonly ignore?: number;
  /** Of the surface Dice, in mm. Default 1. */
  readonly tolerance?: number;
  /** What surfaces are made of. Default 'elements'. */
  readonly surface?: SurfaceKind;
  /** A lesion counts as found when more than this share of its voxels is predicted, 0…1. Default 0: one voxel is enough. */
  readonly lesionOverlap?: number;
}

/**
 * How well a predicted region fits the true one. Where the region is in neither, only the volumes have a value: it says nothing about
 * the prediction. Where it is in one of them only, overlaps, surface Dice and lesion F1 are 0; distances, which would be infinite, are
 * left out, and so is what would be divided by nothing.
 */
export interface RegionScore {
  /** 2 |A ∩ B| / (|A| + |B|) */
  readonly dice: number | undefined;
  /** |A ∩ B| / |A ∪ B| */
  readonly iou: number | undefined;
  /** Share of the truth that was predicted. */
  readonly sensitivity: number | undefined;
  /** Share of the prediction that is true. */
  readonly precision: number | undefined;
  /** Share of both surfaces within the tolerance; see surfaceDice. */
  readonly surfaceDice: number | undefined;
  /** mm; see hausdorffDistance. */
  readonly hd95: number | undefined;
  /** mm */
  readonly hd: number | undefined;
  /** mm; see averageSurfaceDistance. */
  readonly assd: number | undefined;
  /** ml */
  readonly trueVolume: number;
  /** ml */
  readonly predictedVolume: number;
  /** ml, predicted minus true. */
  readonly volumeError: number;
  /** Of the true volume, in %. */
  readonly volumeErrorPercent: number | undefined;
  /** Over connected parts; see lesionF1. */
  readonly lesionF1: number | undefined;
  readonly trueLesions: number;
  readonly foundLesions: number;
  readonly predictedLesions: number;
  readonly inventedLesions: number;
}
