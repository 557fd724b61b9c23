import { mix32 } from '@genesis/core';

const TWO_32 = 2 ** -32;

/** Up to here an index is drawn with integers alone, and one random word gives two. */
const SMALL = 256;

/**
 * Permutes values[0 … n − 1] at random (Fisher–Yates), up to position `end`: what comes later is not
 * in its final place. `values` must have room for n + 1. The permutation is a function of (key, w)
 * alone: the random words are those of xoshiro128++ started from the mixed key and w.
 *
 * Two indices from one 24-bit fraction (Brackett-Rozinsky & Lemire, "Batched ranged random integer
 * generation", 2024) deviate from uniform by at most n² / 2^24.
 */
export function permute(
  values: Float32Array,
  n: number,
  end: number,
  key: Int32Array,
  w: number,
): void {
  let s0 = mix32((key[0] + Math.imul(w, 0x9e3779b9)) | 0);
  let s1 = mix32((key[1] + Math.imul(w, 0x85ebca6b)) | 0);
  let s2 = mix32((key[2] + Math.imul(w, 0xc2b2ae35)) | 0);
  // Never all zeros.
  let s3 = mix32((key[3] + Math.imul(w, 0x27d4eb2f)) | 0) | 1;
  const last = Math.min(end, n - 1);
  let j = 0;
  while (j < last) {
    const sum = (s0 + s3) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + s0) | 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    if (n <= SMALL) {
      const first = Math.imul(word >>> 8, n - j);
      let k = j + (first >>> 24);
      const v = values[k];
      values[k] = values[j];
      values[j++] = v;
      const second = Math.imul(first & 0xffffff, n - j);
      k = j + (second >>> 24);
      const u = values[k];
      values[k] = values[j];
      values[j++] = u;
    } else {
      const k = j + Math.floor((word >>> 0) * TWO_32 * (n - j));
      const v = values[k];
      values[k] = values[j];
      values[j++] = v;
    }
  }
}
