import { VolumeIoError } from '../../../../errors.js';

/** A Huffman table ready for decoding. */
export interface HuffmanTable {
  /** By the next 9 bits: code length << 8 | symbol; 0 when the code is longer. */
  readonly fast: Uint16Array;
  /** Largest code of each length, −1 when there is none. */
  readonly maxCode: Int32Array;
  /** symbols[offset[length] + code] */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

const FAST_BITS = 9;

/** Builds the table from the number of codes of each length and their symbols (ITU-T T.81, annex C). */
export function buildHuffman(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const fast = new Uint16Array(1 << FAST_BITS);
  const maxCode = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let n = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1];
    offset[length] = n - code;
    if (code + count > 1 << length) {
      throw new VolumeIoError('corrupt', 'a JPEG Huffman table has more codes than fit');
    }
    for (let c = 0; c < count; c++, code++, n++) {
      if (length > FAST_BITS) continue;
      const entry = (length << 8) | symbols[n];
      const shift = FAST_BITS - length;
      fast.fill(entry, code << shift, (code + 1) << shift);
    }
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { fast, maxCode, offset, symbols };
}
