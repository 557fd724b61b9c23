/**
 * Inverse DCT of one 8×8 block, after Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in the scaled integers that the
 * IJG library's accurate method uses, so that lossy files decode to the same samples as there.
 */
const F_0_298 = 2446;
const F_0_390 = 3196;
const F_0_541 = 4433;
const F_0_765 = 6270;
const F_0_899 = 7373;
const F_1_175 = 9633;
const F_1_501 = 12299;
const F_1_847 = 15137;
const F_1_961 = 16069;
const F_2_053 = 16819;
const F_2_562 = 20995;
const F_3_072 = 25172;
const CONST_BITS = 13;

const work = new Int32Array(64);
const row = new Int32Array(8);

/**
 * Dequantises and transforms the block at `from`; writes samples of `precision` bits to `out` from `to`, with `stride`
 * samples from row to row.
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  quant: Uint16Array,
  precision: number,
  out: Uint8Array | Uint16Array,
  to: number,
  stride: number,
): void {
  // One bit less of scaling keeps 12-bit samples within 32 bits.
  const passBits = precision > 8 ? 1 : 2;
  const maximum = (1 << precision) - 1;
  const center = 1 << (precision - 1);
  // Values out of range wrap at four times the range, as the IJG's range table has it.
  const wrap = 32 - (precision + 2);
  for (let x = 0; x < 8; x++) {
    for (let k = 0; k < 8; k++) {
      row[k] = Math.imul(coefficients[from + x + 8 * k], quant[x + 8 * k]);
    }
    transform(CONST_BITS - passBits);
    for (let k = 0; k < 8; k++) work[x + 8 * k] = row[k];
  }
  for (let y = 0; y < 8; y++) {
    for (let k = 0; k < 8; k++) row[k] = work[8 * y + k];
    transform(CONST_BITS + passBits + 3);
    for (let k = 0; k < 8; k++) {
      const value = ((row[k] << wrap) >> wrap) + center;
      out[to + y * stride + k] = value < 0 ? 0 : value > maximum ? maximum : value;
    }
  }
}

/** One-dimensional transform of `row` in place; results are rounded and shifted right by `shift`. */
function transform(shift: number): void {
  const half = 1 << (shift - 1);
  const r0 = row[0];
  const r4 = row[4];
  const z = Math.imul(row[2] + row[6], F_0_541);
  const e2 = z - Math.imul(row[6], F_1_847);
  const e3 = z + Math.imul(row[2], F_0_765);
  const e0 = (r0 + r4) << CONST_BITS;
  const e1 = (r0 - r4) << CONST_BITS;
  const t10 = (e0 + e3) | 0;
  const t13 = (e0 - e3) | 0;
  const t11 = (e1 + e2) | 0;
  const t12 = (e1 - e2) | 0;

  const a = row[7];
  const b = row[5];
  const c = row[3];
  const d = row[1];
  const z5 = Math.imul(a + c + b + d, F_1_175);
  const z1 = -Math.imul(a + d, F_0_899);
  const z2 = -Math.imul(b + c, F_2_562);
  const z3 = z5 - Math.imul(a + c, F_1_961);
  const z4 = z5 - Math.imul(b + d, F_0_390);
  const o0 = (Math.imul(a, F_0_298) + z1 + z3) | 0;
  const o1 = (Math.imul(b, F_2_053) + z2 + z4) | 0;
  const o2 = (Math.imul(c, F_3_072) + z2 + z3) | 0;
  const o3 = (Math.imul(d, F_1_501) + z1 + z4) | 0;

  row[0] = (t10 + o3 + half) >> shift;
  row[7] = (t10 - o3 + half) >> shift;
  row[1] = (t11 + o2 + half) >> shift;
  row[6] = (t11 - o2 + half) >> shift;
  row[2] = (t12 + o1 + half) >> shift;
  row[5] = (t12 - o1 + half) >> shift;
  row[3] = (t13 + o0 + half) >> shift;
  row[4] = (t13 - o0 + half) >> shift;
}
