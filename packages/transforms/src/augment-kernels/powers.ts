import { polynomial } from './normals.js';

const { fround } = Math;
/** 2^f for f in −½…½, relative error below 3e-6. */
const POWER = Float32Array.of(0.0095701, 0.05591786, 0.24024745, 0.69312181, 0.99999926);

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
