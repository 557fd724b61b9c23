import type { SeededShuffling, Shape3 } from '../api.js';
import { seedStream } from '../random/seed.js';
import { nextWord } from '../random/xoshiro.js';

const TWO_32 = 2 ** -32;

/**
 * The windows that seeded factors stand for, in the order of application: x, y, z, size x, size y,
 * size z of each.
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
      const size = 1 + Math.floor((nextWord(stream) >>> 0) * TWO_32 * maxSize[axis]);
      const places = shape[axis] - size + 1;
      windows[6 * w + axis] = Math.floor((nextWord(stream) >>> 0) * TWO_32 * places);
      windows[6 * w + axis + 3] = size;
    }
  }
}
