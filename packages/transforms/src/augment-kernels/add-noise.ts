import type { Heap } from './api.js';
import { generators, normalPair } from './normals.js';
import { mapOf } from './settle.js';
import { floats, words } from './views.js';

const { fround } = Math;

export function addNoise(
  heap: Heap,
  at: number,
  n: number,
  map: number,
  deviation: number,
  states: number,
): void {
  const values = floats(heap, at, n);
  const mapped = mapOf(heap, map);
  const sigma = fround(deviation);
  for (const [lane, next] of generators(words(heap, states, 16)).entries()) {
    for (let i = lane; i < n; i += 8) {
      const [cosine, sine] = normalPair(next());
      values[i] = mapped(values[i]) + fround(cosine * sigma);
      if (i + 4 < n) values[i + 4] = mapped(values[i + 4]) + fround(sine * sigma);
    }
  }
}

export function addRician(
  heap: Heap,
  at: number,
  n: number,
  map: number,
  floor: number,
  deviation: number,
  states: number,
): void {
  const values = floats(heap, at, n);
  const mapped = mapOf(heap, map);
  const sigma = fround(deviation);
  const low = fround(floor);
  for (const [lane, next] of generators(words(heap, states, 16)).entries()) {
    for (let i = lane; i < n; i += 4) {
      const [cosine, sine] = normalPair(next());
      const a = fround(cosine * sigma);
      const b = fround(sine * sigma);
      const v = fround(fround(mapped(values[i]) - low) + a);
      const square = fround(fround(v * v) + fround(b * b));
      values[i] = fround(Math.sqrt(square)) + low;
    }
  }
}
