import type { Shape3 } from '../api.js';
import { floats } from '../augment-kernels/views.js';
import type { Layer } from './layer.js';
import type { Stage } from './stage.js';

/** Complex numbers, real and imaginary parts by turns. */
type Complex = Float64Array;

/** The power of two that is n or more. */
const powerFrom = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** cos and −sin of 2πk/size for k below size/2. */
function waveOf(size: number): Complex {
  const wave = new Float64Array(Math.max(2, size));
  for (let k = 0; k < size / 2; k++) {
    const angle = (2 * Math.PI * k) / size;
    wave.set([Math.cos(angle), -Math.sin(angle)], 2 * k);
  }
  return wave;
}

/** The transform of complex numbers whose count is a power of two, in double. */
function transform(values: Complex): Complex {
  const n = values.length / 2;
  if (n === 1) return values;
  const half = (first: number): Complex =>
    transform(
      Float64Array.from({ length: n }, (_, i) => values[2 * (first + (i - (i % 2))) + (i % 2)]),
    );
  const even = half(0);
  const odd = half(1);
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n / 2; k++) {
    const angle = (-2 * Math.PI * k) / n;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const re = odd[2 * k] * c - odd[2 * k + 1] * s;
    const im = odd[2 * k] * s + odd[2 * k + 1] * c;
    out.set([even[2 * k] + re, even[2 * k + 1] + im], 2 * k);
    out.set([even[2 * k] - re, even[2 * k + 1] - im], 2 * k + n);
  }
  return out;
}

/** A plan for the loops, in the heap; see wasm/augment/fourier.c. */
function putPlan(
  stage: Stage,
  n: number,
  size: number,
  kernel: Complex | null,
  chirp: Complex | null,
): number {
  const tables = [waveOf(size), kernel, chirp].map((table) =>
    table === null ? 0 : stage.put(table),
  );
  const [wave, kernelAt, chirpAt] = tables;
  const turns = [stage.room(32 * size), stage.room(32 * size)];
  return stage.putWords([n, size, wave, kernelAt, chirpAt, ...turns]);
}

/**
 * A plan that multiplies the spectrum of real lines of n voxels by `mask[k]`, k = 0 … n − 1 from frequency 0 up, and keeps
 * the real part: the same as a mask that treats k and −k alike, half each.
 */
function maskPlan(stage: Stage, mask: ArrayLike<number>): number {
  const n = mask.length;
  const even = Float64Array.from(mask, (m, k) => 0.5 * (m + mask[(n - k) % n]));
  if (powerFrom(n) === n) {
    const kernel = Float64Array.from({ length: 2 * n }, (_, i) =>
      i % 2 === 0 ? even[i / 2] / n : 0,
    );
    return putPlan(stage, n, n, kernel, null);
  }
  // A convolution with what the mask is among voxels, wound up from a longer transform.
  const size = powerFrom(2 * n - 1);
  const kernel = new Float64Array(2 * size);
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += even[k] * Math.cos((2 * Math.PI * ((j * k) % n)) / n);
    kernel[2 * j] = sum / n;
  }
  return putPlan(
    stage,
    n,
    size,
    transform(kernel).map((v) => v / size),
    null,
  );
}

/** A plan for the transform of lines of n numbers. */
function transformPlan(stage: Stage, n: number): number {
  if (powerFrom(n) === n) return putPlan(stage, n, n, null, null);
  const size = powerFrom(2 * n - 1);
  const chirp = new Float64Array(2 * n);
  const kernel = new Float64Array(2 * size);
  for (let k = 0; k < n; k++) {
    // k² modulo 2n keeps the angle exact.
    const angle = (Math.PI * ((k * k) % (2 * n))) / n;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    chirp.set([c, -s], 2 * k);
    kernel.set([c, s], 2 * k);
    if (k > 0) kernel.set([c, s], 2 * (size - k));
  }
  return putPlan(
    stage,
    n,
    size,
    transform(kernel).map((v) => v / size),
    chirp,
  );
}

/** Index of frequency 0 … when it lies in the middle (`fftshift`): the frequency at place i. */
export const centered = (i: number, n: number): number => (i + Math.ceil(n / 2)) % n;

/**
 * Multiplies the spectrum along an axis by a mask and keeps the real part.
 *
 * @param mask - for each place along the axis, frequency 0 in the middle as `fftshift` puts it
 * @param to - where the result is written (the layer's own place, too), or added to when `add`
 */
export function maskSpectrum(
  stage: Stage,
  layer: Layer,
  axis: 0 | 1 | 2,
  mask: ArrayLike<number>,
  to: number,
  add: boolean,
): void {
  const n = mask.length;
  const plain = new Float64Array(n);
  for (let i = 0; i < n; i++) plain[centered(i, n)] = mask[i];
  stage.scratch(() => {
    const plan = maskPlan(stage, plain);
    const sides = stage.putWords(stage.shape);
    void stage.kernels.heap.buffer;
    stage.kernels.run.convolveLines(layer.at, to, sides, axis, plan, add ? 1 : 0);
  });
}

/** The spectrum of a layer: [nx, ny, nz/2 + 1], real and imaginary parts in the heap. The other half mirrors it. */
export interface HalfSpectrum {
  re: number;
  im: number;
  shape: Shape3;
}

/** Transforms a layer. The caller gives the memory back (`stage.scratch`). */
export function halfSpectrum(stage: Stage, layer: Layer): HalfSpectrum {
  const [nx, ny, nz] = stage.shape;
  const kept = Math.floor(nz / 2) + 1;
  const shape: Shape3 = [nx, ny, kept];
  const re = stage.room(4 * nx * ny * kept);
  const im = stage.room(4 * nx * ny * kept);
  const sides = stage.putWords(shape);
  const { heap, run } = stage.kernels;
  const plans = [nx, ny, nz].map((n) => transformPlan(stage, n));
  void heap.buffer;
  run.transformReal(layer.at, re, im, nx * ny, plans[2]);
  run.transformLines(re, im, sides, 1, plans[1]);
  run.transformLines(re, im, sides, 0, plans[0]);
  return { re, im, shape };
}

/** One number of a spectrum, by its frequencies from 0 up along each axis of the volume. */
export function spectrumAt(
  stage: Stage,
  spectrum: HalfSpectrum,
  frequency: readonly number[],
): [number, number] {
  const { re, im, shape } = spectrum;
  const isKept = frequency[2] < shape[2];
  const [x, y, z] = frequency.map((k, axis) =>
    isKept ? k : (stage.shape[axis] - k) % stage.shape[axis],
  );
  const at = (x * shape[1] + y) * shape[2] + z;
  const { heap } = stage.kernels;
  const n = shape[0] * shape[1] * shape[2];
  const imaginary = floats(heap, im, n)[at];
  return [floats(heap, re, n)[at], isKept ? imaginary : -imaginary];
}
