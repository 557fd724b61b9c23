import type { Heap } from './api.js';
import { doubles, floats, words } from './views.js';

const { fround } = Math;
const BLOCK = 4096;

const float = new Float32Array(1);
const bitsOf = new Int32Array(float.buffer);

export function gamma(
  heap: Heap,
  at: number,
  n: number,
  job: number,
  cells: number,
  out: number,
): void {
  const values = floats(heap, at, n);
  const [scale, shift] = floats(heap, job, 2);
  const [bits, first, last] = words(heap, job + 8, 3);
  const lines = floats(heap, cells, 2 * (last + 1));
  const sums = new Float32Array(4);
  const squares = new Float32Array(4);
  let sum = 0;
  let square = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    sums.fill(0);
    squares.fill(0);
    for (let i = from; i < to; i++) {
      const scaled = fround(fround(values[i] * scale) + shift);
      const v = scaled > 0 ? scaled : 0;
      float[0] = v;
      const cell = Math.min(Math.max((bitsOf[0] >> (23 - bits)) - first, 0), last);
      values[i] = fround(v * lines[2 * cell + 1]) + lines[2 * cell];
      sums[(i - from) % 4] += values[i];
      squares[(i - from) % 4] += fround(values[i] * values[i]);
    }
    sum += sums[0] + sums[1] + sums[2] + sums[3];
    square += squares[0] + squares[1] + squares[2] + squares[3];
  }
  doubles(heap, out, 2).set([sum, square]);
}
