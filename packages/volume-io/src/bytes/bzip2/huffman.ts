import type { BitReader } from './bit-reader.js';
import { damaged } from './damaged.js';

/** A table of canonical codes. */
export interface Huffman {
  /** Per code length: the largest code (left-aligned comparison is not needed at 20 bits). */
  limit: Int32Array;
  base: Int32Array;
  symbols: Uint16Array;
  shortest: number;
}

function buildHuffman(lengths: Uint8Array, file: string): Huffman {
  const limit = new Int32Array(22).fill(-1);
  const base = new Int32Array(22);
  const symbols = new Uint16Array(lengths.length);
  let code = 0;
  let index = 0;
  let shortest = 0;
  for (let length = 1; length <= 20; length++) {
    base[length] = index - code;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) {
        symbols[index++] = symbol;
        code++;
        shortest ||= length;
      }
    }
    limit[length] = code - 1;
    if (code > 1 << length) throw damaged(file);
    code <<= 1;
  }
  return { limit, base, symbols, shortest };
}

/** Reads one symbol. */
export function decodeSymbol(bits: BitReader, table: Huffman, file: string): number {
  let length = table.shortest;
  let code = bits.read(length);
  while (code > table.limit[length]) {
    if (++length > 20) throw damaged(file);
    code = (code << 1) | bits.read(1);
  }
  const at = code + table.base[length];
  if (at < 0 || at >= table.symbols.length) throw damaged(file);
  return table.symbols[at];
}

/** Reads the lengths of the codes, each as a step from the one before. */
export function readTable(bits: BitReader, symbols: number, file: string): Huffman {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let n = 0; n < symbols; n++) {
    for (;;) {
      if (length < 1 || length > 20) throw damaged(file);
      if (!bits.read(1)) break;
      length += bits.read(1) ? -1 : 1;
    }
    lengths[n] = length;
  }
  return buildHuffman(lengths, file);
}
