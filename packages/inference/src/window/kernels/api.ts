/** How much memory the sums of windows need. */
export interface SumsSizes {
  /** Voxels that there is room for. */
  readonly voxels: number;
  /** Values for each voxel. */
  readonly channels: number;
  /** Weight of each voxel of a window, C order. */
  readonly shares: Float32Array;
}

/** Where the voxels of a box lie: its first one, and the steps from plane to plane and from row to row; rows are contiguous. */
export interface BoxPlace {
  readonly offset: number;
  readonly plane: number;
  readonly row: number;
}

/** The inner loops of weighted sums of windows, and the memory that they work on. */
export interface SumsKernels {
  /** [voxels, channels]; holds anything until it is filled. */
  readonly sums: Float32Array;
  /** Sum of the weights for each voxel; likewise. */
  readonly totals: Float32Array;
  /**
   * Adds a box of `size` voxels of a window's values, times their weights, to sums and totals.
   *
   * @param values - [window's voxels, channels]; only read.
   * @param from - The box in the window.
   * @param to - The box in the sums.
   */
  add(values: Float32Array, size: readonly number[], from: BoxPlace, to: BoxPlace): void;
  /** Divides the sums of the voxels from `first` (inclusive) to `end` (exclusive) by their totals. */
  divide(first: number, end: number): void;
  /** Gives the memory to whoever asks next; nothing here may be used afterwards. */
  release(): void;
}
