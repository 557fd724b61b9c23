import { GenesisError } from '../errors.js';
import { boxMuller } from './normal.js';
import { nonZero } from './seed.js';
import { uniform53 } from './sfc32.js';
import { type Block, threefry } from './threefry.js';
import type { Rng, RngState } from './types.js';
import { fillUniform, nextWord, type Stream } from './xoshiro.js';

const TWO32 = 2 ** 32;
const ROOT = [0x47656e65, 0x73697321] as const;
const CHILD = 1;
const STREAM = 2;

function words(value: number, what: string): [number, number] {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new GenesisError(
      'option',
      `createRng: ${what} is ${value}; give an integer from 0 to 2^53 − 1.`,
    );
  }
  return [value % TWO32, Math.floor(value / TWO32)];
}

/**
 * A generator for this seed and these keys, for example `createRng(seed, epoch, index)`: the same
 * numbers whatever was created or drawn before. Seed 0 is a seed like any other.
 *
 * Keys are derived with Threefry-4x32-20, streams are xoshiro128++.
 *
 * @param seed - integer from 0 to 2^53 − 1
 * @param keys - integers from 0 to 2^53 − 1; `createRng(s, a, b)` is `createRng(s).split(a, b)`
 * @throws GenesisError `option`
 */
export function createRng(seed: number, ...keys: number[]): Rng {
  const [lo, hi] = words(seed, 'the seed');
  const root = Int32Array.of(lo, hi, ROOT[0], ROOT[1]);
  return fromKey(descend(threefry(root, new Int32Array(4), root), keys));
}

/** Continues a generator from its `state()`. */
export function rngFromState(state: RngState): Rng {
  return fromStream(Int32Array.from(state.key), Int32Array.from(state.stream));
}

function descend(key: Block, keys: readonly number[]): Block {
  for (const child of keys) {
    const [lo, hi] = words(child, 'a key');
    threefry(key, Int32Array.of(lo, hi, CHILD, 0), key);
  }
  return key;
}

function fromKey(key: Block): Rng {
  return fromStream(key, nonZero(threefry(key, Int32Array.of(0, 0, STREAM, 0), new Int32Array(4))));
}

function fromStream(key: Block, stream: Stream): Rng {
  const word = (): number => nextWord(stream);
  const uniform = (): number => uniform53(word);
  return {
    uniform,
    int(lo, hi) {
      if (!(Number.isSafeInteger(lo) && Number.isSafeInteger(hi) && lo <= hi)) {
        throw new GenesisError('option', `Rng.int: ${lo}…${hi} is not a range of integers.`);
      }
      return lo + Math.floor(uniform() * (hi - lo + 1));
    },
    normal: () => boxMuller(uniform),
    fillUniform: (out) => fillUniform(stream, out),
    split: (...keys) => fromKey(descend(key.slice(), keys)),
    state: () => ({ key: quad(key), stream: quad(stream) }),
  };
}

const quad = (block: Block): [number, number, number, number] => [
  block[0] >>> 0,
  block[1] >>> 0,
  block[2] >>> 0,
  block[3] >>> 0,
];
