import { nextWord } from '@genesis/core';

const { fround } = Math;
const SQRT_HALF_BITS = 0x3f3504f3;
/** −2 ln(1 + f) = f · polynomial in f, relative error below 6e-5. */
const LOGARITHM = Float32Array.of(-0.35315697, 0.54189097, -0.6727781, 0.99890136, -1.99993236);
/** −2 ln 2 */
const OCTAVE = fround(-1.3862944);
/** sin(s π/2) = s · polynomial in s², error below 7e-5 for s in −1…1. */
const SINE = Float32Array.of(0.07186085, -0.64211316, 1.57032002);
/** cos(s π/2) as a polynomial in s², error below 7e-6. */
const COSINE = Float32Array.of(-0.01909573, 0.25258024, -1.2334845, 0.9999933);
const TWO_M31 = 2 ** -31;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Horner's rule in float. */
export function polynomial(coefficients: Float32Array, x: number): number {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = fround(fround(sum * x) + coefficients[i]);
  return sum;
}

/** The two normal numbers of deviation 1 that a word gives (Box & Muller, 1958): radius · cos, radius · sin. */
export function normalPair(word: number): [number, number] {
  float[0] = fround((word >>> 12) + 0.5);
  const exponent = (bits[0] - SQRT_HALF_BITS) >> 23;
  bits[0] -= exponent << 23;
  const f = fround(float[0] - 1);
  const square = fround(polynomial(LOGARITHM, f) * f) + fround((exponent - 20) * OCTAVE);
  const radius = fround(Math.sqrt(fround(square)));
  const s = fround(fround(word << 20) * TWO_M31);
  const ss = fround(s * s);
  const cosine = polynomial(COSINE, ss);
  const sine = fround(polynomial(SINE, ss) * s);
  return [fround(radius * ((word >>> 12) & 1 ? -cosine : cosine)), fround(radius * sine)];
}

/** The four generators whose states lie word by word in `states`. */
export function generators(states: Int32Array): (() => number)[] {
  return [0, 1, 2, 3].map((lane) => {
    const stream = Int32Array.of(
      states[lane],
      states[4 + lane],
      states[8 + lane],
      states[12 + lane],
    );
    return () => nextWord(stream);
  });
}
