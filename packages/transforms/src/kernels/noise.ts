import type { Seed } from '../api.js';
import { nonZero, seedBlock } from '../random/seed.js';
import { nextWord } from '../random/xoshiro.js';

const FLOAT24 = 2 ** -24;

/**
 * The states of the four xoshiro128++ generators of a noise, transposed (word by word): value i is
 * number i / 4 of generator i mod 4, so that four lanes of a vector are filled at once.
 */
export function noiseStates(seed: Seed, part: number): Int32Array {
  const states = new Int32Array(16);
  for (let lane = 0; lane < 4; lane++) {
    const block = nonZero(seedBlock(seed, 4 * part + lane));
    for (let word = 0; word < 4; word++) states[4 * word + lane] = block[word];
  }
  return states;
}

/** Writes noise to out[0 … n − 1], with a mask only where it is 1. */
export function fillNoise(
  out: Float32Array,
  n: number,
  mask: Uint8Array | null,
  states: Int32Array,
): void {
  for (let lane = 0; lane < 4; lane++) {
    const stream = Int32Array.of(
      states[lane],
      states[4 + lane],
      states[8 + lane],
      states[12 + lane],
    );
    for (let i = lane; i < n; i += 4) {
      const value = (nextWord(stream) >>> 8) * FLOAT24;
      if (mask === null || mask[i] === 1) out[i] = value;
    }
  }
}
