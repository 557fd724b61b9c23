import type { ReadonlyVec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { SumsKernels } from './kernels/api.js';
import { openSums } from './kernels/open.js';

export interface WindowSumsOpts {
  /** Sides of a window. */
  readonly window: ReadonlyVec3;
  /** Weight of each voxel of a window, C order. */
  readonly weights: Float32Array;
  readonly channels: number;
  /** Planes of the volume across the first axis. */
  readonly length: number;
  /** Planes that there is room for. */
  readonly planes: number;
  /** Voxels of the largest tile, in a plane. */
  readonly area: number;
}

/**
 * Weighted sums of what windows give for the voxels of a tile, for a run of planes across the first axis. Windows come in the
 * order in which they start there; when none will reach a plane again, it is closed and its sums become means.
 */
export class WindowSums {
  private readonly kernels: SumsKernels;
  private origin: readonly [number, number] = [0, 0];
  private size: readonly [number, number] = [0, 0];
  private first = 0;
  private closed = 0;

  constructor(private readonly opts: WindowSumsOpts) {
    const { planes, area, channels, weights: shares } = opts;
    this.kernels = openSums({ voxels: planes * area, channels, shares });
  }

  /** Starts a tile anew: where it begins along the second and third axis, and its sides there. */
  open(origin: readonly [number, number], size: readonly [number, number]): void {
    this.origin = origin;
    this.size = size;
    [this.first, this.closed] = [0, 0];
    this.kernels.sums.fill(0);
    this.kernels.totals.fill(0);
  }

  /** Adds what the network gave for the window at `start`: [x, y, z, channels], C order. */
  add(output: Float32Array, start: ReadonlyVec3): void {
    const { window, length } = this.opts;
    const [rows, columns] = this.size;
    // From a place in the window to a place in the tile.
    const shift = [start[0] - this.first, start[1] - this.origin[0], start[2] - this.origin[1]];
    const end = [length - this.first, rows, columns];
    const from = shift.map((value) => Math.max(0, -value));
    const box = shift.map((value, axis) => Math.min(window[axis], end[axis] - value) - from[axis]);
    const [x, y, z] = shift.map((value, axis) => value + from[axis]);
    this.kernels.add(
      output,
      box,
      {
        offset: (from[0] * window[1] + from[1]) * window[2] + from[2],
        plane: window[1] * window[2],
        row: window[2],
      },
      { offset: (x * rows + y) * columns + z, plane: rows * columns, row: columns },
    );
  }

  /** Makes means of the planes below `end`, which no window will reach any more. */
  close(end: number): void {
    const area = this.size[0] * this.size[1];
    this.kernels.divide((this.closed - this.first) * area, (end - this.first) * area);
    this.closed = end;
  }

  /** The planes from `from` to `to`, which are closed: [planes, y, z, channels], C order; valid until the next call of `drop`. */
  means(from: number, to: number): NdArray<Float32Array> {
    const { channels } = this.opts;
    const row = this.size[0] * this.size[1] * channels;
    const values = this.kernels.sums.subarray((from - this.first) * row, (to - this.first) * row);
    return ndarray(values, [to - from, ...this.size, channels]);
  }

  /** Gives the memory back; the sums may not be used afterwards. */
  release(): void {
    this.kernels.release();
  }

  /** Forgets the planes below `first`, which makes room for others. */
  drop(first: number): void {
    const area = this.size[0] * this.size[1];
    move(this.kernels.totals, (first - this.first) * area);
    move(this.kernels.sums, (first - this.first) * area * this.opts.channels);
    this.first = first;
  }
}

/** Moves the values of an array to its beginning by `count`, and fills up with zeros. */
function move(values: Float32Array, count: number): void {
  if (count === 0) return;
  values.copyWithin(0, count);
  values.fill(0, values.length - count);
}
