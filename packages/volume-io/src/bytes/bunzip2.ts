import { VolumeIoError } from '../errors.js';

/** Does the file start as bzip2 does? */
export function isBzip2(head: Uint8Array): boolean {
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 && head[3] >= 49 && head[3] <= 57;
}

/**
 * Decompresses bzip2, one or several streams, checking every block's checksum.
 * Throws VolumeIoError 'truncated', 'corrupt', or 'too-large' when there is more than `limit` bytes.
 * The format: J. Seward, bzip2; Burrows & Wheeler 1994.
 */
export function bunzip2(bytes: Uint8Array, limit: number, file: string): Uint8Array {
  const bits = new BitReader(bytes, file);
  const parts: Uint8Array[] = [];
  let total = 0;
  do {
    if (bits.read(16) !== 0x425a || bits.read(8) !== 0x68) throw damaged(file);
    const level = bits.read(8) - 48;
    if (!(level >= 1 && level <= 9)) throw damaged(file);
    const links = new Uint32Array(level * 100000);
    for (;;) {
      const high = bits.read(24);
      const low = bits.read(24);
      const crc = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
      if (high === 0x177245 && low === 0x385090) break;
      if (high !== 0x314159 || low !== 0x265359) throw damaged(file);
      const part = readBlock(bits, links, crc, limit - total, file);
      parts.push(part);
      total += part.byteLength;
    }
    bits.align();
  } while (bits.left >= 14);
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

function damaged(file: string): VolumeIoError {
  return new VolumeIoError('corrupt', 'the bzip2 data is damaged', { file });
}

class BitReader {
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
  ) {}

  get left(): number {
    return this.bytes.byteLength - this.at;
  }

  /** At most 24 bits. */
  read(n: number): number {
    while (this.count < n) {
      if (this.at >= this.bytes.byteLength) {
        throw new VolumeIoError('truncated', 'the bzip2 data ends too early', { file: this.file });
      }
      this.held = ((this.held << 8) | this.bytes[this.at++]) >>> 0;
      this.count += 8;
    }
    this.count -= n;
    const value = this.held >>> this.count;
    this.held &= (1 << this.count) - 1;
    return value;
  }

  align(): void {
    this.held = 0;
    this.count = 0;
  }
}

interface Huffman {
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

function decodeSymbol(bits: BitReader, table: Huffman, file: string): number {
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

function readUsedBytes(bits: BitReader): number[] {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (!(groups & (0x8000 >> group))) continue;
    const flags = bits.read(16);
    for (let n = 0; n < 16; n++) if (flags & (0x8000 >> n)) used.push(group * 16 + n);
  }
  return used;
}

function readSelectors(bits: BitReader, groups: number, file: string): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  if (selectors.length === 0) throw damaged(file);
  const order = Array.from({ length: groups }, (_, n) => n);
  for (let n = 0; n < selectors.length; n++) {
    let position = 0;
    while (bits.read(1)) if (++position >= groups) throw damaged(file);
    const [chosen] = order.splice(position, 1);
    order.unshift(chosen);
    selectors[n] = chosen;
  }
  return selectors;
}

function readTable(bits: BitReader, symbols: number, file: string): Huffman {
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

/** One block: Huffman codes → move-to-front → inverse Burrows-Wheeler → run lengths. */
function readBlock(
  bits: BitReader,
  links: Uint32Array,
  crc: number,
  limit: number,
  file: string,
): Uint8Array {
  if (bits.read(1)) {
    throw new VolumeIoError('unsupported', 'uses the randomised blocks of bzip2 before 0.9.5', {
      file,
    });
  }
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const groups = bits.read(3);
  if (used.length === 0 || groups < 2 || groups > 6) throw damaged(file);
  const selectors = readSelectors(bits, groups, file);
  const tables = Array.from({ length: groups }, () => readTable(bits, used.length + 2, file));

  const end = used.length + 1;
  const counts = new Uint32Array(256);
  let filled = 0;
  let run = 0;
  let runBit = 1;
  let selector = 0;
  let leftInGroup = 0;
  let table = tables[0];
  const flushRun = (): void => {
    if (run === 0) return;
    if (filled + run > links.length) throw damaged(file);
    counts[used[0]] = counts[used[0]] + run;
    links.fill(used[0], filled, filled + run);
    filled += run;
    run = 0;
    runBit = 1;
  };
  for (;;) {
    if (leftInGroup === 0) {
      if (selector >= selectors.length) throw damaged(file);
      table = tables[selectors[selector++]];
      leftInGroup = 50;
    }
    leftInGroup--;
    const symbol = decodeSymbol(bits, table, file);
    if (symbol <= 1) {
      run += runBit << symbol;
      runBit *= 2;
      if (run > links.length) throw damaged(file);
      continue;
    }
    flushRun();
    if (symbol === end) break;
    if (filled >= links.length) throw damaged(file);
    const [byte] = used.splice(symbol - 1, 1);
    used.unshift(byte);
    counts[byte] = counts[byte] + 1;
    links[filled++] = byte;
  }
  if (origin >= filled) throw damaged(file);
  linkBlock(links, counts, filled);
  return expandRuns(links, filled, origin, crc, limit, file);
}

/** Puts into the upper 24 bits of each entry where the next one is. */
function linkBlock(links: Uint32Array, counts: Uint32Array, filled: number): void {
  const starts = new Uint32Array(256);
  for (let n = 1; n < 256; n++) starts[n] = starts[n - 1] + counts[n - 1];
  for (let n = 0; n < filled; n++) {
    const byte = links[n] & 255;
    const to = starts[byte];
    starts[byte] = to + 1;
    links[to] = (links[to] | (n << 8)) >>> 0;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n << 24;
  for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
  return c >>> 0;
});

function expandRuns(
  links: Uint32Array,
  filled: number,
  origin: number,
  crc: number,
  limit: number,
  file: string,
): Uint8Array {
  let out = new Uint8Array(Math.min(limit, filled * 2));
  let size = 0;
  let sum = 0xffffffff;
  let position = links[origin] >>> 8;
  let last = -1;
  let repeats = 0;
  for (let n = 0; n < filled; n++) {
    const entry = links[position];
    const byte = entry & 255;
    position = entry >>> 8;
    // Four equal bytes are followed by how many more there are.
    const isCount = repeats === 4;
    const times = isCount ? byte : 1;
    const value = isCount ? last : byte;
    repeats = isCount ? 0 : byte === last ? repeats + 1 : 1;
    last = isCount ? -1 : byte;
    if (size + times > limit) {
      throw new VolumeIoError('too-large', 'the bzip2 data holds more bytes than it should', {
        file,
      });
    }
    if (size + times > out.length) {
      const grown = new Uint8Array(Math.min(limit, out.length * 2 + times));
      grown.set(out);
      out = grown;
    }
    for (let t = 0; t < times; t++) {
      out[size++] = value;
      sum = ((sum << 8) ^ CRC_TABLE[((sum >>> 24) ^ value) & 255]) >>> 0;
    }
  }
  if ((sum ^ 0xffffffff) >>> 0 !== crc) throw damaged(file);
  return out.subarray(0, size);
}
