import { nextWord } from '@genesis/core';

const { fround } = Math;
const SQRT_HALF_BITS = 0x3f3504f3;
/** −2 ln(1 + f) = f · polynomial in f, |relative error| < 2e-7 between √½ − 1 and √2 − 1. */
const LOGARITHM = Float32Array.of(
  0.20757413,
  -0.32676286,
  0.34424856,
  -0.39768472,
  0.4994312,
  -0.66671216,
  1.0000069,
  -1.9999999,
);
/** −2 ln 2 */
const OCTAVE = fround(-1.3862944);
/** sin(s π/2) = s · polynomial in s², error < 1e-8 for s in −1…1. */
const SINE = Float32Array.of(0.00015167853, -0.0046741576, 0.07968993, -0.6459638, 1.5707964);
/** cos(s π/2) as a polynomial in s², error < 5e-8. */
const COSINE = Float32Array.of(0.00085819064, -0.020810628, 0.25365075, -1.2336982, 0.99999994);
const TWO_M31 = 2 ** -31;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function polynomial(coefficients: Float32Array, x: number): number {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) {
    sum = fround(fround(sum * x) + coefficients[i]);
  }
  return sum;
}

/** √(−2 ln u), u = word / 2^32: the tail reaches 6.7 deviations. A word of 0 counts as ½. */
function radius(word: number): number {
  float[0] = word === 0 ? 0.5 : word >>> 0;
  const exponent = (bits[0] - SQRT_HALF_BITS) >> 23;
  bits[0] -= exponent << 23;
  const f = fround(float[0] - 1);
  const square = fround(polynomial(LOGARITHM, f) * f) + fround((exponent - 32) * OCTAVE);
  return fround(Math.sqrt(fround(square)));
}

const cut = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);

/**
 * Writes from[i] plus normal noise, cut to 0…1, to to[i]. Box & Muller (Ann. Math. Stat. 1958) in
 * float32: of two words of a generator one is the radius, the other the angle in the half circle
 * −π/2…π/2, and by its last bit the sign of the cosine. Of eight values in a row, number k and number
 * k + 4 are the cosine and the sine of generator k.
 */
export function addNormal(
  from: Float32Array,
  to: Float32Array,
  deviation: number,
  states: Int32Array,
): void {
  const n = from.length;
  const sigma = fround(deviation);
  for (let lane = 0; lane < 4; lane++) {
    const stream = Int32Array.of(
      states[lane],
      states[4 + lane],
      states[8 + lane],
      states[12 + lane],
    );
    for (let i = lane; i < n; i += 8) {
      const r = fround(radius(nextWord(stream)) * sigma);
      const word = nextWord(stream);
      const s = fround(fround(word) * TWO_M31);
      const ss = fround(s * s);
      const cosine = polynomial(COSINE, ss);
      to[i] = cut(fround(from[i] + fround(r * (word & 1 ? -cosine : cosine))));
      if (i + 4 < n) {
        to[i + 4] = cut(fround(from[i + 4] + fround(r * fround(polynomial(SINE, ss) * s))));
      }
    }
  }
}
