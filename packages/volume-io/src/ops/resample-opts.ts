import type { ReadonlyVec3 } from '@genesis/core';
import type { Affine } from '../api.js';

/** How new voxels get their values. */
export interface ResampleOpts {
  /** 'linear' (default) for images; 'nearest' for label maps, whose values it never mixes. */
  interpolation?: 'linear' | 'nearest';
  /**
   * Smooth before taking fewer voxels, with 'linear' only. Default true. Policy: along each axis of the input where
   * the new voxels are k > 1 times as long, a Gaussian of σ² = (k² − 1) / (8 ln 2) voxels², which makes the point
   * spread as wide as the new voxel (Cardoso et al., MICCAI 2015); the kernel is ITK's DiscreteGaussian with maximum
   * error 0.001, edges held. ITK's resampling alone, without smoothing, is `antialias: false`.
   */
  antialias?: boolean;
  /**
   * Value of new voxels whose centre lies outside the old volume, which ends half a voxel beyond its outer centres.
   * 'edge': that of the nearest old voxel. Default: 0 for resampleLike, as ITK and nibabel; 'edge' for resampleToSpacing,
   * where it concerns at most a half voxel at the far faces. For CT in HU, air is −1000.
   */
  fill?: number | 'edge';
}

/** A box of voxels in the world, without values. */
export interface VolumeGrid {
  /** Voxels along i, j, k. */
  shape: ReadonlyVec3;
  /** Voxel → RAS mm. */
  affine: Affine;
}
