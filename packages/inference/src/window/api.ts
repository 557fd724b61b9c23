import type { ReadonlyVec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';

/** A part of a result that comes in parts, because the whole need not fit into memory. */
export interface OutputBlock {
  /** Where its first voxel lies in the result. */
  readonly start: ReadonlyVec3;
  /** Which output of the network comes first in `values`. */
  readonly channel: number;
  /**
   * [nx, ny, nz, channels], C order: all outputs, or some of them; then the same voxels come again, with the next ones. Only
   * to be read, and only until the call returns.
   */
  readonly values: NdArray<Float32Array>;
}

/** Receives the parts of a result; together they hold each output of each voxel once. */
export type VisitBlock = (block: OutputBlock) => void;

/** Where windows lie: their sides, and the places along each axis where they start, ascending. */
export interface WindowGrid {
  /** Of the volume that they cover. */
  readonly shape: ReadonlyVec3;
  readonly window: ReadonlyVec3;
  readonly starts: readonly [readonly number[], readonly number[], readonly number[]];
}
