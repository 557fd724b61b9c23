import { polynomial } from './normals.js';

const { fround } = Math;
const SQRT_HALF_BITS = 0x3f3504f3;
/** 2^f for f in −½…½, relative error below 3e-6. */
const POWER = Float32Array.of(0.0095701, 0.05591786, 0.24024745, 0.69312181, 0.99999926);
/** log2(1 + f) = f · polynomial in f between √½ − 1 and √2 − 1, error below 2e-5. */
const LOGARITHM = Float32Array.of(0.25269516, -0.39456684, 0.48667626, -0.72024259, 1.44257849);

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** To the nearest integer, halves to the even one, as the vector instruction does. */
function nearest(x: number): number {
  const low = Math.floor(x);
  const part = x - low;
  if (part !== 0.5) return part < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** 2^x in float, for x from −126 to 126. */
export function exp2(x: number): number {
  const whole = nearest(x);
  float[0] = polynomial(POWER, fround(x - whole));
  bits[0] += whole << 23;
  return float[0];
}

/** log2 x in float, for positive normal x. */
export function log2(x: number): number {
  float[0] = x;
  const exponent = (bits[0] - SQRT_HALF_BITS) >> 23;
  bits[0] -= exponent << 23;
  const f = fround(float[0] - 1);
  return fround(fround(polynomial(LOGARITHM, f) * f) + exponent);
}
