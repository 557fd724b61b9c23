import { sfc32 } from '@genesis/core';

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
  const word = sfc32(seed, Math.floor(seed / 2 ** 32), Math.imul(stream + 1, 0x9e3779b9), 15);
  const uniform = (): number => word() / 2 ** 32;
  return {
    uniform,
    range: (lo, hi) => lo + uniform() * (hi - lo),
    int: (lo, hi) => lo + Math.floor(uniform() * (hi - lo + 1)),
    word,
  };
}
