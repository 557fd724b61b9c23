import { nextWord, nonZero, seedBlock } from '@genesis/core';
import type { Seed } from '../api.js';

const FLOAT24 = 2 ** -24;

/**
 * The states of the four xoshiro128++ generators of a noise, transposed (word by word), so that the
 * four lanes of a vector are filled at once.
 */
export function noiseStates(seed: Seed, part: number): Int32Array {
  const states = new Int32Array(16);
  for (let lane = 0; lane < 4; lane++) {
    const block = nonZero(seedBlock(seed, 4 * part + lane));
    for (let word = 0; word < 4; word++) states[4 * word + lane] = block[word];
  }
  return states;
}

/**
 * Writes noise to out[0 … n − 1], with a mask only where it is 1. Of four values in a row, number k
 * is the next of generator k; where the mask is 0 in all four, no generator moves.
 */
export function fillNoise(
  out: Float32Array,
  n: number,
  mask: Uint8Array | null,
  states: Int32Array,
): void {
  const streams = [0, 1, 2, 3].map((lane) =>
    Int32Array.of(states[lane], states[4 + lane], states[8 + lane], states[12 + lane]),
  );
  for (let i = 0; i < n; i += 4) {
    if (mask !== null && i + 4 <= n && !(mask[i] | mask[i + 1] | mask[i + 2] | mask[i + 3]))
      continue;
    for (let lane = 0; lane < 4 && i + lane < n; lane++) {
      const value = (nextWord(streams[lane]) >>> 8) * FLOAT24;
      if (mask === null || mask[i + lane] === 1) out[i + lane] = value;
    }
  }
}
