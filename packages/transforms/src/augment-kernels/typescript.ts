import { addNoise, addRician } from './add-noise.js';
import type { AugmentKernels, AugmentLoops, Heap } from './api.js';
import { addWave, biasField } from './bias-field.js';
import { blur, sharpen } from './blur.js';
import { convolveLines, peak, transformLines, transformReal } from './fourier.js';
import { gamma } from './gamma.js';
import { lowResolution } from './low-resolution.js';
import { gatherVolume, mirror } from './moves.js';
import { piecewise } from './piecewise.js';
import { PlainHeap } from './plain-heap.js';
import { resample } from './resample.js';
import { settle } from './settle.js';
import { splineCoefficients } from './spline.js';
import { tally } from './tally.js';

/** Each loop takes the heap first, then what its namesake in C takes. */
type Loops = {
  [K in keyof AugmentLoops]: (
    heap: Heap,
    ...args: Parameters<AugmentLoops[K]>
  ) => ReturnType<AugmentLoops[K]>;
};

const loops: Loops = {
  settle,
  tally,
  addNoise,
  addRician,
  gamma,
  piecewise,
  biasField,
  addWave,
  blur,
  sharpen,
  lowResolution,
  mirror,
  gatherVolume,
  resample,
  splineCoefficients,
  convolveLines,
  transformLines,
  transformReal,
  peak,
};

/** The inner loops in TypeScript: where WebAssembly may not run, and what it is compared with. */
export function typescriptAugmentKernels(): AugmentKernels {
  const heap = new PlainHeap();
  const run = Object.fromEntries(
    Object.entries(loops).map(([name, loop]) => [
      name,
      (...args: number[]) => (loop as (heap: Heap, ...args: number[]) => unknown)(heap, ...args),
    ]),
  );
  return { name: 'typescript', heap, run: run as unknown as AugmentLoops };
}
