/**
 * Small Fast Counting, 32 bits (C. Doty-Humphrey, PractRand): gives whole words, unsigned. For streams whose starting words are
 * made elsewhere.
 *
 * @param warmUp - Words thrown away first, so that similar seeds part.
 */
export function sfc32(seedA: number, seedB: number, seedC: number, warmUp: number): () => number {
  let a = seedA | 0;
  let b = seedB | 0;
  let c = seedC | 0;
  let counter = 1;
  const word = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let n = 0; n < warmUp; n++) word();
  return word;
}

/** A number in [0, 1) with 53 random bits, from two words. */
export function uniform53(word: () => number): number {
  return ((word() >>> 5) * 67108864 + (word() >>> 6)) * 2 ** -53;
}
