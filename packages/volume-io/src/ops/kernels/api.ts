import type { NumberArray } from '@genesis/core';
import type { FloatVoxels } from '../float-voxels.js';

/** How many voxels the arrays of PlaneKernels have room for. */
export interface PlaneSizes {
  /** A plane of each of the two, and the sheet. */
  plane: number;
  /** A row of new voxels. */
  row: number;
  /** An old plane to be stretched. Default 0. */
  raw?: number;
}

/** A row of new voxels. A voxel of weight 0 is never looked at, so that NaN and infinities do not spread. */
export interface RowKernels {
  readonly row: Float64Array;
  /**
   * Stores the row in `target` from index `at` on: as whole numbers where the type is one of integers, halves rounded up. All
   * must be within its range.
   */
  store(target: NumberArray, at: number): void;
}

/** The inner loops of resampling by planes, which are i fastest, and the memory that they work on. */
export interface PlaneKernels extends RowKernels {
  /** An old plane. */
  readonly raw: Float64Array;
  /** Where the new voxels of a row lie: the old voxel before each, and the weight of the one behind that. */
  readonly firsts: Int32Array;
  readonly parts: Float64Array;
  /** Two planes that lie side by side. */
  readonly planes: readonly [Float64Array, Float64Array];
  /** A mixture of them. */
  readonly sheet: Float64Array;
  /** Writes the row of `raw` that starts at index `from`, stretched to the length of `row`, to a plane at index `at`. */
  stretch(from: number, plane: number, at: number): void;
  /** Writes near + part · (far − near) to `count` voxels of the sheet from index `at` on; near and far number planes. */
  mix(near: number, far: number, part: number, at: number, count: number): void;
  /** The same of two rows of the sheet, which start at these indices, to the row. */
  mixRows(near: number, far: number, part: number): void;
  /**
   * Writes to the row, from its voxel `lo` to `hi`, the sheet's values at (x0 + i·dx, y0 + i·dy), all of them where four
   * voxels lie around. The sheet has rows of nx voxels.
   */
  bilinear(
    nx: number,
    lo: number,
    hi: number,
    x0: number,
    y0: number,
    dx: number,
    dy: number,
  ): void;
}

/** The inner loop of resampling along any line, and the old planes that it needs, i fastest. */
export interface VolumeKernels extends RowKernels {
  /** The old planes that are there, from plane `first` on. */
  readonly voxels: FloatVoxels;
  readonly first: number;
  /** Makes old planes `from` to `to` be there. Each call's planes must start and end no earlier than the last one's. */
  need(from: number, to: number): void;
  /**
   * Writes to the row, from its voxel `lo` to `hi`, the volume's values at (x0 + i·dx, y0 + i·dy, z0 + i·dz), all of them
   * where eight voxels lie around.
   */
  trilinear(
    lo: number,
    hi: number,
    x0: number,
    y0: number,
    z0: number,
    dx: number,
    dy: number,
    dz: number,
  ): void;
}
