import type { Heap } from './api.js';
import { floats } from './views.js';

const { fround } = Math;

export function piecewise(
  heap: Heap,
  at: number,
  n: number,
  points: number,
  cells: number,
  job: number,
): void {
  const values = floats(heap, at, n);
  const y = floats(heap, points, cells + 1);
  const [scale, shift, range, low] = floats(heap, job, 4);
  for (let i = 0; i < n; i++) {
    let v = fround(fround(values[i] * scale) + shift);
    if (!(0 < v)) v = 0;
    if (cells < v) v = cells;
    const cell = Math.min(Math.floor(v), cells - 1);
    const step = fround(fround(y[cell + 1] - y[cell]) * fround(v - cell));
    values[i] = fround(fround(y[cell] + step) * range) + low;
  }
}
