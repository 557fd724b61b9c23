import type { Heap } from './api.js';
import { exp2, log2 } from './powers.js';
import { doubles, floats } from './views.js';

const { fround } = Math;
const BLOCK = 4096;

export function gamma(heap: Heap, at: number, n: number, job: number, out: number): void {
  const values = floats(heap, at, n);
  const [scale, shift, power, least] = floats(heap, job, 4);
  const sums = new Float32Array(4);
  const squares = new Float32Array(4);
  let sum = 0;
  let square = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    sums.fill(0);
    squares.fill(0);
    for (let i = from; i < to; i++) {
      const v = fround(fround(values[i] * scale) + shift);
      values[i] = exp2(fround(log2(least < v ? v : least) * power));
      sums[(i - from) % 4] += values[i];
      squares[(i - from) % 4] += fround(values[i] * values[i]);
    }
    sum += sums[0] + sums[1] + sums[2] + sums[3];
    square += squares[0] + squares[1] + squares[2] + squares[3];
  }
  doubles(heap, out, 2).set([sum, square]);
}
