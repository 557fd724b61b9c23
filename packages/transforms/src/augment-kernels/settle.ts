import type { Heap } from './api.js';
import { floats } from './views.js';

const { fround } = Math;

/** value → clamp(value · scale + shift, low, high), from four floats of the heap. */
export function mapOf(heap: Heap, at: number): (value: number) => number {
  const [scale, shift, low, high] = floats(heap, at, 4);
  return (value) => {
    const v = fround(fround(value * scale) + shift);
    const raised = v < low ? low : v;
    return high < raised ? high : raised;
  };
}

export function settle(heap: Heap, from: number, to: number, n: number, map: number): void {
  const values = floats(heap, from, n);
  const results = floats(heap, to, n);
  const mapped = mapOf(heap, map);
  for (let i = 0; i < n; i++) results[i] = mapped(values[i]);
}
