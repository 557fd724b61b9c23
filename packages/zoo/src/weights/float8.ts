/** How an 8-bit float spends its bits. */
interface Float8Layout {
  readonly exponentBits: number;
  readonly bias: number;
  /** `ieee`: infinities and NaNs; `fn`: one NaN per sign, no infinities; `fnuz`: one NaN where −0 would be. */
  readonly special: 'ieee' | 'fn' | 'fnuz';
}

/** The value of one byte. */
function float8(byte: number, { exponentBits, bias, special }: Float8Layout): number {
  const mantissaBits = 7 - exponentBits;
  const sign = byte & 0x80 ? -1 : 1;
  const exponent = (byte & 0x7f) >> mantissaBits;
  const mantissa = byte & ((1 << mantissaBits) - 1);
  if (special === 'fnuz' && byte === 0x80) return Number.NaN;
  if (special === 'fn' && (byte & 0x7f) === 0x7f) return Number.NaN;
  if (special === 'ieee' && exponent === (1 << exponentBits) - 1) {
    return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  const fraction = mantissa / (1 << mantissaBits);
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

function widenWith(decode: (byte: number) => number): (source: Uint8Array) => Float32Array {
  let table: Float32Array | undefined;
  return (source) => {
    table ??= Float32Array.from({ length: 256 }, (_, byte) => decode(byte));
    const out = new Float32Array(source.length);
    for (let i = 0; i < source.length; i++) out[i] = table[source[i]];
    return out;
  };
}

/**
 * The 8-bit floats widened to float32, exactly, by their safetensors name.
 * @see Micikevicius et al., FP8 Formats for Deep Learning, 2022; Noune et al., 8-bit Numerical Formats, 2022 (fnuz); OCP Microscaling
 *   Formats 1.0 (E8M0).
 */
export const float8ToFloat32 = {
  F8_E4M3: widenWith((byte) => float8(byte, { exponentBits: 4, bias: 7, special: 'fn' })),
  F8_E5M2: widenWith((byte) => float8(byte, { exponentBits: 5, bias: 15, special: 'ieee' })),
  F8_E4M3FNUZ: widenWith((byte) => float8(byte, { exponentBits: 4, bias: 8, special: 'fnuz' })),
  F8_E5M2FNUZ: widenWith((byte) => float8(byte, { exponentBits: 5, bias: 16, special: 'fnuz' })),
  F8_E8M0: widenWith((byte) => (byte === 0xff ? Number.NaN : 2 ** (byte - 127))),
} as const;
