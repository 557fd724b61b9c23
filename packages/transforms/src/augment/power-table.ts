/** x → x^gamma for x from 0 to 1, as straight lines. */
export interface PowerTable {
  /** Bits of a float's mantissa that tell cells apart: the values between two powers of 2 are 2^bits cells. */
  readonly bits: 7 | 9;
  /** What the upper bits of a float (sign, exponent and `bits` of the mantissa) are in cell 0. */
  readonly first: number;
  /** Number of the last cell. */
  readonly last: number;
  /** Base and slope of each cell. */
  readonly lines: Float32Array;
}

/** What is left of the range where a power is taken for a straight line through 0. */
const LEAST_POWER_BITS = 20;

/**
 * Chords of the power: cell 0 reaches from 0 to where the power is 2^−20, one cell more beyond 1 is for what rounding takes
 * there. The relative error is below γ · |γ − 1| · 2^(−2 · bits − 3): 6e-6 for exponents from 0 to 1.5, 5e-5 up to 3, 5e-5
 * again for 10.
 */
export function powerTable(gamma: number): PowerTable {
  const bits = gamma * Math.abs(gamma - 1) <= 6 ? 7 : 9;
  const parts = 2 ** bits;
  const octaves = Math.min(126, Math.ceil(LEAST_POWER_BITS / gamma));
  const last = octaves * parts + 1;
  const lines = new Float32Array(2 * (last + 1));
  // Between 1 and 2; an octave below, all powers are smaller by one factor.
  const powers = Float64Array.from({ length: parts + 1 }, (_, i) => (1 + i / parts) ** gamma);
  const slopes = Float64Array.from(
    { length: parts },
    (_, i) => (powers[i + 1] - powers[i]) * parts,
  );
  const bases = slopes.map((slope, i) => powers[i] - slope * (1 + i / parts));
  lines[1] = 2 ** (octaves * (1 - gamma));
  for (let octave = -octaves, at = 2; octave <= 0; octave++) {
    const power = 2 ** (octave * gamma);
    const slope = power * 2 ** -octave;
    const end = octave === 0 ? 1 : parts;
    for (let i = 0; i < end; i++) {
      lines[at++] = bases[i] * power;
      lines[at++] = slopes[i] * slope;
    }
  }
  return { bits, first: (127 - octaves) * parts - 1, last, lines };
}
