import { boxMuller, mix32, sfc32, uniform53 } from '@genesis/core';

/** A stream of numbers that is the same for the same seed and name on every engine and machine. */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Opens the stream of `seed` (any finite number; 0 is a seed like another) and `name`. Streams of different names are independent, so a
 * weight's start does not depend on which layers were built before it. Generator: sfc32 (Doty-Humphrey's
 * Small Fast Counting), seeded through FNV-1a and murmur3's finaliser.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const words = [0, 1, 2].map((salt) => hash(`${seed}/${name}/${salt}`));
  const word = sfc32(words[0], words[1], words[2], 12);
  const uniform = (): number => uniform53(word);
  return { uniform, normal: () => boxMuller(uniform) };
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}
