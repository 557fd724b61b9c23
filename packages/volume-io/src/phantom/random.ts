/** Source of numbers for one part of a phantom. */
export interface PhantomRandom {
  /** [0, 1) */
  uniform(): number;
  /** [lo, hi) */
  range(lo: number, hi: number): number;
  /** Integer, both ends inclusive. */
  int(lo: number, hi: number): number;
  /** A whole 32-bit word. */
  word(): number;
}

/**
 * sfc32 (C. Doty-Humphrey, PractRand), keyed by the seed and by the part of the body, so that an option that changes
 * one part leaves the others as they were.
 */
export function phantomRandom(seed: number, stream: number): PhantomRandom {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = Math.imul(stream + 1, 0x9e3779b9);
  let counter = 1;
  const word = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let n = 0; n < 15; n++) word();
  const uniform = (): number => word() / 2 ** 32;
  return {
    uniform,
    range: (lo, hi) => lo + uniform() * (hi - lo),
    int: (lo, hi) => lo + Math.floor(uniform() * (hi - lo + 1)),
    word,
  };
}
