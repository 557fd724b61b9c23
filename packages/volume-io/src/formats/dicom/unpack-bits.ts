/** Samples of one bit, packed by eight from the lowest bit on. */
export function unpackBits(bytes: Uint8Array, firstBit: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let n = 0, bit = firstBit; n < count; n++, bit++) {
    out[n] = (bytes[bit >> 3] >> (bit & 7)) & 1;
  }
  return out;
}

/** Samples of twelve bits, two in three bytes (ACR-NEMA), low bits first. */
export function unpackTwelve(bytes: Uint8Array, firstBit: number, count: number): Uint16Array {
  const out = new Uint16Array(count);
  for (let n = 0, bit = firstBit; n < count; n++, bit += 12) {
    const at = bit >> 3;
    const pair = bytes[at] | (bytes[at + 1] << 8);
    out[n] = (bit & 7) === 0 ? pair & 0xfff : pair >> 4;
  }
  return out;
}
