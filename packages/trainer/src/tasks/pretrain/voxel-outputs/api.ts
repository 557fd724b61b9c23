import type * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import type { CropSite, CropSource } from '../crop-source.js';

/** Crops as they were before they were deformed, [x, y, z], or [x, y, z, channels] of several, C order. */
export type WholeCrop = Pick<NdArray<Float32Array>, 'data' | 'shape'>;

/** What a network tells of each voxel beside restoring it, by an output of its own. */
export interface VoxelOutput {
  /** What its loss, a mean over voxels and channels, counts beside the error of restoring. */
  readonly weight: number;
  /**
   * What the output is to be, [n, x, y, z, channels].
   *
   * @param sites - Where each crop lies.
   */
  target(crops: readonly WholeCrop[], sites: readonly CropSite[]): tf.Tensor;
  loss(target: tf.Tensor, output: tf.Tensor): tf.Scalar;
  /** How many figures `measure` gives. */
  readonly measured: number;
  /** The loss first, then what else is of interest: a mean over the batch each. */
  measure(target: tf.Tensor, output: tf.Tensor): tf.Tensor[];
  /** Which of its figures is shown while training. */
  readonly shown: string;
  /** What a validation with these crops tells, given the means of what was measured over all of them. */
  figures(validation: readonly OfVoxels[]): (means: readonly number[]) => Record<string, number>;
  /** Looks at crops before training begins; the same for the same seed. */
  fit?(source: CropSource, volumes: number): Promise<void>;
}

/** A crop and where it lies. */
export interface OfVoxels {
  readonly target: WholeCrop;
  readonly site: CropSite;
}
