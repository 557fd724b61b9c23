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

/** Fills `out` with float32 numbers in [0, 1), 24 random bits each. */
export function fillUniform(stream: Stream, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (nextWord(stream) >>> 8) * FLOAT24;
}
