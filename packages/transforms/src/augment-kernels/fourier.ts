import type { Heap } from './api.js';
import { floats, words } from './views.js';

const { fround } = Math;

/** Complex numbers, real and imaginary parts by turns. */
type Complex = Float32Array;

/** See wasm/augment/fourier.c. */
interface Plan {
  n: number;
  size: number;
  wave: Complex;
  kernel: Complex;
  chirp: Complex | null;
  a: Complex;
  b: Complex;
}

function readPlan(heap: Heap, at: number): Plan {
  const [n, size, wave, kernel, chirp] = words(heap, at, 5);
  return {
    n,
    size,
    wave: floats(heap, wave, size),
    kernel: kernel === 0 ? new Float32Array(0) : floats(heap, kernel, 2 * size),
    chirp: chirp === 0 ? null : floats(heap, chirp, 2 * n),
    a: new Float32Array(2 * size),
    b: new Float32Array(2 * size),
  };
}

/** a[k] = a[k] · f[k] */
function multiply(a: Complex, f: Complex, count: number): void {
  for (let k = 0; k < 2 * count; k += 2) {
    const re = a[k];
    const im = a[k + 1];
    a[k] = fround(re * f[k]) - fround(im * f[k + 1]);
    a[k + 1] = fround(re * f[k + 1]) + fround(im * f[k]);
  }
}

/** Stockham's transform in `a` and `b` by turns; returns which has the result. */
function forward(first: Complex, second: Complex, n: number, wave: Complex): Complex {
  let a = first;
  let b = second;
  for (let half = n / 2, stride = 1; half >= 1; half /= 2, stride *= 2) {
    for (let k = 0; k < half; k++) {
      const c = wave[2 * k * stride];
      const s = wave[2 * k * stride + 1];
      for (let j = 0; j < stride; j++) {
        const p = 2 * (j + stride * k);
        const q = 2 * (j + stride * (k + half));
        const even = 2 * (j + stride * 2 * k);
        const odd = 2 * (j + stride * (2 * k + 1));
        const re = fround(a[p] - a[q]);
        const im = fround(a[p + 1] - a[q + 1]);
        b[even] = a[p] + a[q];
        b[even + 1] = a[p + 1] + a[q + 1];
        b[odd] = fround(re * c) - fround(im * s);
        b[odd + 1] = fround(re * s) + fround(im * c);
      }
    }
    [a, b] = [b, a];
  }
  return a;
}

function convolve({ n, size, wave, kernel, chirp, a, b }: Plan): void {
  let s = forward(a, b, size, wave);
  multiply(s, kernel, size);
  for (let k = 1; k < 2 * size; k += 2) s[k] = -s[k];
  s = forward(s, s === a ? b : a, size, wave);
  for (let k = 0; k < n; k++) {
    let re = s[2 * k];
    let im = -s[2 * k + 1];
    if (size > n && chirp === null && k + n < size) {
      re += s[2 * (k + n)];
      im -= s[2 * (k + n) + 1];
    }
    a[2 * k] = re;
    a[2 * k + 1] = im;
  }
}

function transform(plan: Plan): void {
  const { n, chirp, a, b, wave } = plan;
  if (chirp === null) {
    const s = forward(a, b, n, wave);
    if (s !== a) a.set(s);
    return;
  }
  multiply(a, chirp, n);
  a.fill(0, 2 * n);
  convolve(plan);
  multiply(a, chirp, n);
}

/** Where each line along an axis begins, and the step along it. */
function linesOf(shape: ArrayLike<number>, axis: number): { starts: number[]; step: number } {
  const [nx, ny, nz] = Array.from(shape);
  const step = axis === 2 ? 1 : axis === 1 ? nz : ny * nz;
  const starts = Array.from({ length: (nx * ny * nz) / [nx, ny, nz][axis] }, (_, line) => {
    if (axis === 2) return line * nz;
    return axis === 1 ? Math.floor(line / nz) * ny * nz + (line % nz) : line;
  });
  return { starts, step };
}

export function convolveLines(
  heap: Heap,
  from: number,
  to: number,
  shape: number,
  axis: number,
  planAt: number,
  add: number,
): void {
  const plan = readPlan(heap, planAt);
  const { n, a } = plan;
  const { starts, step } = linesOf(words(heap, shape, 3), axis);
  const source = floats(heap, from, starts.length * n);
  const target = floats(heap, to, starts.length * n);
  const last = starts.length - 1;
  const lineOf = (index: number): number => starts[Math.min(index, last)];
  const store = (line: number, part: number): void => {
    for (let k = 0; k < n; k++) {
      const at = line + k * step;
      target[at] = add ? a[2 * k + part] + target[at] : a[2 * k + part];
    }
  };
  const lines = Array.from({ length: 8 }, () => new Float32Array(n));
  for (let first = 0; first < starts.length; first += 8) {
    // All eight before one of them is written, which may be in place.
    for (const [l, line] of lines.entries())
      for (let k = 0; k < n; k++) line[k] = source[lineOf(first + l) + k * step];
    for (let l = 0; l < 4 && first + l <= last; l++) {
      a.fill(0);
      for (let k = 0; k < n; k++) {
        a[2 * k] = lines[l][k];
        a[2 * k + 1] = lines[l + 4][k];
      }
      convolve(plan);
      store(starts[first + l], 0);
      if (first + l + 4 <= last) store(starts[first + l + 4], 1);
    }
  }
}

export function transformLines(
  heap: Heap,
  re: number,
  im: number,
  shape: number,
  axis: number,
  planAt: number,
): void {
  const plan = readPlan(heap, planAt);
  const { n, a } = plan;
  const { starts, step } = linesOf(words(heap, shape, 3), axis);
  const real = floats(heap, re, starts.length * n);
  const imaginary = floats(heap, im, starts.length * n);
  for (const start of starts) {
    for (let k = 0; k < n; k++) {
      a[2 * k] = real[start + k * step];
      a[2 * k + 1] = imaginary[start + k * step];
    }
    transform(plan);
    for (let k = 0; k < n; k++) {
      real[start + k * step] = a[2 * k];
      imaginary[start + k * step] = a[2 * k + 1];
    }
  }
}

export function transformReal(
  heap: Heap,
  from: number,
  re: number,
  im: number,
  lines: number,
  planAt: number,
): void {
  const plan = readPlan(heap, planAt);
  const { n, a } = plan;
  const kept = Math.floor(n / 2) + 1;
  const source = floats(heap, from, lines * n);
  const real = floats(heap, re, lines * kept);
  const imaginary = floats(heap, im, lines * kept);
  for (let first = 0; first < lines; first += 8) {
    for (let l = first; l < Math.min(first + 4, lines); l++) {
      const other = Math.min(l + 4, lines - 1);
      for (let k = 0; k < n; k++) {
        a[2 * k] = source[l * n + k];
        a[2 * k + 1] = source[other * n + k];
      }
      transform(plan);
      for (let k = 0; k < kept; k++) {
        const v = 2 * k;
        const w = k === 0 ? 0 : 2 * (n - k);
        real[l * kept + k] = 0.5 * fround(a[v] + a[w]);
        imaginary[l * kept + k] = 0.5 * fround(a[v + 1] - a[w + 1]);
        if (l + 4 >= lines) continue;
        real[other * kept + k] = 0.5 * fround(a[v + 1] + a[w + 1]);
        imaginary[other * kept + k] = 0.5 * fround(a[w] - a[v]);
      }
    }
  }
}

export function peak(heap: Heap, re: number, im: number, n: number): number {
  const real = floats(heap, re, n);
  const imaginary = floats(heap, im, n);
  let largest = 0;
  for (let i = 0; i < n; i++)
    largest = Math.max(largest, real[i] * real[i] + imaginary[i] * imaginary[i]);
  return largest;
}
