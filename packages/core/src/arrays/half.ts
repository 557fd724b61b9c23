/** Widens IEEE 754 binary16 values to float32, exactly. */
export function float16ToFloat32(source: Uint16Array): Float32Array {
  const bits = new Uint32Array(source.length);
  for (let i = 0; i < source.length; i++) {
    const half = source[i];
    const sign = (half & 0x8000) << 16;
    let exponent = (half >> 10) & 0x1f;
    let mantissa = half & 0x3ff;
    if (exponent === 0x1f) {
      bits[i] = sign | 0x7f800000 | (mantissa << 13);
    } else if (exponent !== 0) {
      bits[i] = sign | ((exponent + 112) << 23) | (mantissa << 13);
    } else if (mantissa === 0) {
      bits[i] = sign;
    } else {
      // A subnormal half is a normal float: shift until the hidden bit appears.
      exponent = 113;
      while ((mantissa & 0x400) === 0) {
        mantissa <<= 1;
        exponent--;
      }
      bits[i] = sign | (exponent << 23) | ((mantissa & 0x3ff) << 13);
    }
  }
  return new Float32Array(bits.buffer);
}

/**
 * Rounds float32 values to IEEE 754 binary16, to the nearest and of two that are as near to the even one, as IEEE 754 asks. What is
 * 65520 or more becomes infinite, what is 2⁻²⁵ or less zero with its sign; NaN stays NaN.
 */
export function float32ToFloat16(source: Float32Array): Uint16Array {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  const out = new Uint16Array(source.length);
  for (let i = 0; i < out.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const size = bits[i] & 0x7fffffff;
    if (size > 0x7f800000) {
      out[i] = sign | 0x7e00;
    } else if (size >= 0x477ff000) {
      out[i] = sign | 0x7c00;
    } else if (size >= 0x38800000) {
      // The exponent is counted from 15 instead of 127; a mantissa that rounds up to 2 raises it, as it should.
      out[i] = sign | (nearestEven(size, 13) - (112 << 10));
    } else if (size > 0x33000000) {
      // Subnormal: the hidden bit is written out and moved to where 2⁻²⁴ is the unit.
      out[i] = sign | nearestEven((size & 0x7fffff) | 0x800000, 126 - (size >>> 23));
    } else {
      out[i] = sign;
    }
  }
  return out;
}

/** `value` without its last `shift` bits, 1…24, rounded. */
function nearestEven(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** Widens bfloat16 values (the upper half of a float32) to float32, exactly. */
export function bfloat16ToFloat32(source: Uint16Array): Float32Array {
  const bits = new Uint32Array(source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i] << 16;
  return new Float32Array(bits.buffer);
}
