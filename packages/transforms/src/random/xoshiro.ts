/**
 * xoshiro128++ 1.0 (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS
 * 2021): period 2^128 − 1, passes BigCrush and PractRand, eleven 32-bit operations a word. The state
 * is four words, not all zero; the functions advance it in place.
 */
export type Stream = Int32Array;

const FLOAT24 = 2 ** -24;

/** The next 32 bits, as a signed integer. */
export function nextWord(stream: Stream): number {
  const s0 = stream[0];
  const s1 = stream[1];
  const s2 = stream[2] ^ s0;
  const s3 = stream[3] ^ s1;
  const sum = (s0 + stream[3]) | 0;
  stream[1] = s1 ^ s2;
  stream[0] = s0 ^ s3;
  stream[2] = s2 ^ (s1 << 9);
  stream[3] = (s3 << 11) | (s3 >>> 21);
  return (((sum << 7) | (sum >>> 25)) + s0) | 0;
}

/** Writes `count` float32 numbers in [0, 1), 24 random bits each, to out[start + i·step]. */
export function fillUniform(
  stream: Stream,
  out: Float32Array,
  start: number,
  step: number,
  count: number,
): void {
  let s0 = stream[0];
  let s1 = stream[1];
  let s2 = stream[2];
  let s3 = stream[3];
  for (let i = 0, at = start; i < count; i++, at += step) {
    const sum = (s0 + s3) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    out[at] = (word >>> 8) * FLOAT24;
  }
  stream[0] = s0;
  stream[1] = s1;
  stream[2] = s2;
  stream[3] = s3;
}
