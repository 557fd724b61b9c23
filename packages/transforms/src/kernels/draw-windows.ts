import { nextWord, seedStream } from '@genesis/core';
import type { SeededShuffling, Shape3 } from '../api.js';

const TWO_32 = 2 ** 32;

/**
 * The windows that seeded factors stand for, in the order of application: x, y, z, size x, size y,
 * size z of each. One random word gives a side and, by what is left of it, its place: uniform but for at most
 * maxSize × shape / 2^32.
 *
 * @param windows - receives them; at least 6 × count long
 */
export function drawWindows(
  windows: Int32Array,
  { count, maxSize, seed }: SeededShuffling,
  shape: Shape3,
): void {
  const stream = seedStream(seed);
  for (let w = 0; w < count; w++) {
    for (let axis = 0; axis < 3; axis++) {
      const draw = (nextWord(stream) >>> 0) * maxSize[axis];
      const below = Math.floor(draw / TWO_32);
      const size = 1 + below;
      const places = shape[axis] - size + 1;
      windows[6 * w + axis] = Math.floor(((draw - below * TWO_32) * places) / TWO_32);
      windows[6 * w + axis + 3] = size;
    }
  }
}
