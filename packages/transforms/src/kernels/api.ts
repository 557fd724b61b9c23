import type { Box, Seed, SeededShuffling, Shape3 } from '../api.js';
import type { BezierTable } from './bezier-table.js';

/** Which inner loops run: WebAssembly SIMD, or the same in TypeScript. Results are the same bits. */
export type KernelsName = 'wasm' | 'typescript';

/**
 * One volume being worked on. Its arrays are C-contiguous, `[c, x, y, z]` and `[x, y, z]`, belong to
 * the thread and serve the next volume too: nothing of them may be kept.
 */
export interface Workspace {
  readonly shape: Shape3;
  readonly channels: number;
  readonly original: Float32Array;
  /** The same array as `original` when the workspace was opened in place. */
  readonly result: Float32Array;
  /** 1 for voxels that will be overwritten by noise. */
  readonly mask: Uint8Array;
  /** False when a value of `original` is not in 0…1 (or is −0). */
  inRange(): boolean;
  /** Copies `original` to `result` with the axes whose bit is set (1: x, 2: y, 4: z) reversed. */
  flip(axes: number): void;
  /** Shuffles from `original` to `result`, which start equal. */
  shuffle(factors: SeededShuffling, masked: boolean): void;
  /** Maps the intensities of a channel of `result`, with `masked` only where the mask is 0. */
  mapIntensity(channel: number, table: BezierTable, masked: boolean): void;
  /** Sets the mask to 0 in a box. */
  keepBox(box: Box): void;
  /** Writes noise to a channel of `result` where the mask is 1. */
  noise(channel: number, seed: Seed): void;
  /** Fills a box of `result` with noise, the same in all channels. */
  noiseBox(box: Box, seed: Seed): void;
  /** Writes `original` plus normal noise of this deviation, cut to 0…1, to `result`. */
  addNormal(deviation: number, seed: Seed): void;
}

export interface Kernels {
  readonly name: KernelsName;
  open(shape: Shape3, channels: number, inPlace: boolean): Workspace;
}
