import { type Block, threefry } from './threefry.js';
import type { Rng, Seed } from './types.js';
import type { Stream } from './xoshiro.js';

/** Draws a seed: a name for a stream that the factors carry instead of the numbers themselves. */
export function drawSeed(rng: Rng): Seed {
  return [rng.int(0, 0xffffffff), rng.int(0, 0xffffffff)];
}

/** The `index`-th block of 128 bits of a seed. */
export function seedBlock(seed: Seed, index: number): Block {
  const key = Int32Array.of(seed[0], seed[1], 0x6e6f6973, 0x65736565);
  return threefry(key, Int32Array.of(index, 0, 0, 0), key);
}

/** The stream that a seed names. */
export function seedStream(seed: Seed, index = 0): Stream {
  return nonZero(seedBlock(seed, index));
}

/** xoshiro must not start from all zeros. */
export function nonZero(state: Stream): Stream {
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  return state;
}
