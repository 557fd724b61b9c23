import { nextWord, type Stream } from './xoshiro.js';

const TWO_32 = 2 ** -32;

/** Fills `out` with standard normal numbers (Box–Muller, two from two words). */
export function fillNormal(stream: Stream, out: Float32Array): void {
  for (let i = 0; i < out.length; i += 2) {
    // In (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(((nextWord(stream) >>> 0) + 1) * TWO_32));
    const angle = 2 * Math.PI * TWO_32 * (nextWord(stream) >>> 0);
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
}
