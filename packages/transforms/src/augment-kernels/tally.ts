import type { Heap } from './api.js';
import { doubles, floats } from './views.js';

const { fround } = Math;
/** So many values are summed in float, in eight lanes; sums of such blocks in double. */
const BLOCK = 4096;

const total = (lanes: Float32Array, from: number): number =>
  lanes[from] + lanes[from + 1] + lanes[from + 2] + lanes[from + 3];

export function tally(heap: Heap, at: number, n: number, out: number): void {
  const values = floats(heap, at, n);
  const reference = values[0];
  const sums = new Float32Array(8);
  const squares = new Float32Array(8);
  let low = reference;
  let high = reference;
  let sum = 0;
  let square = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    sums.fill(0);
    squares.fill(0);
    const whole = to - ((to - from) % 8);
    for (let i = from; i < to; i++) {
      const v = values[i];
      if (v < low) low = v;
      if (high < v) high = v;
      const d = fround(v - reference);
      const lane = i < whole ? (i - from) % 8 : 0;
      sums[lane] += d;
      squares[lane] += fround(d * d);
    }
    sum += total(sums, 0) + total(sums, 4);
    square += total(squares, 0) + total(squares, 4);
  }
  doubles(heap, out, 4).set([low, high, sum, square]);
}
