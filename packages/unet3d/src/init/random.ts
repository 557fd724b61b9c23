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
  let a = words[0];
  let b = words[1];
  let c = words[2];
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const uniform = (): number => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
