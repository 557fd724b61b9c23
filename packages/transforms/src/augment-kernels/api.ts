import type { KernelsName } from '../kernels/api.js';

/** Memory of one thread from which arrays are taken one after another; `WasmHeap` of core is one. */
export interface Heap {
  /** Forgets what was reserved, or with a place that `reserve` gave: that and what was reserved after it. */
  reset(to?: number): void;
  /** Where there is room for so many bytes; a multiple of `align`. */
  reserve(bytes: number, align?: number): number;
  /** The memory, large enough for all that was reserved. Growing it makes earlier views empty. */
  readonly buffer: ArrayBuffer;
}

/**
 * The inner loops of the augmentations, as wasm/augment/*.c exports them; the TypeScript ones do the same bit for bit.
 * Arguments that name arrays are places in the heap, in bytes. What they do is said where they are written in C.
 */
export interface AugmentLoops {
  settle(from: number, to: number, n: number, map: number): void;
  tally(values: number, n: number, out: number): void;
  addNoise(values: number, n: number, map: number, deviation: number, states: number): void;
  addRician(
    values: number,
    n: number,
    map: number,
    floor: number,
    deviation: number,
    states: number,
  ): void;
  gamma(values: number, n: number, job: number, cells: number, out: number): void;
  piecewise(values: number, n: number, points: number, cells: number, job: number): void;
  biasField(
    values: number,
    rows: number,
    nz: number,
    at: number,
    table: number,
    order: number,
  ): void;
  addWave(values: number, rows: number, nz: number, row: number, line: number): void;
  blur(values: number, job: number): void;
  sharpen(
    values: number,
    nx: number,
    ny: number,
    nz: number,
    strength: number,
    scratch: number,
  ): void;
  lowResolution(values: number, job: number): void;
  mirror(values: number, nx: number, ny: number, nz: number, axes: number, bytes: number): void;
  gatherVolume(from: number, to: number, shape: number, step: number, bytes: number): void;
  resample(job: number): void;
  splineCoefficients(values: number, nx: number, ny: number, nz: number): void;
  convolveLines(
    from: number,
    to: number,
    shape: number,
    axis: number,
    plan: number,
    add: number,
  ): void;
  transformLines(re: number, im: number, shape: number, axis: number, plan: number): void;
  transformReal(from: number, re: number, im: number, lines: number, plan: number): void;
  peak(re: number, im: number, n: number): number;
}

export interface AugmentKernels {
  readonly name: KernelsName;
  readonly heap: Heap;
  readonly run: AugmentLoops;
}
