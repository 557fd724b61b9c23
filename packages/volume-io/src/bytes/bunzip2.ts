import { VolumeIoError } from '../errors.js';

/** Does the file start as bzip2 does? */
export function isBzip2(head: Uint8Array): boolean {
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 && head[3] >= 49 && head[3] <= 57;
}

/** Bytes of a block for each level, before runs are expanded. */
const BLOCK_STEP = 100_000;
/** Bytes that one of them can stand for. */
const LONGEST_RUN = 256;
/** Bytes in the file of the longest block: 900,000 symbols of 20 bits, with its tables. */
const LONGEST_BLOCK = 2_400_000;
/** Decompressed bytes that are given at a time. */
const PIECE = 1 << 18;

/**
 * Decompresses bzip2, one or several streams, checking their checksums. Memory is that of one block, whatever it expands
 * to. Gives `onEnd` the number of bytes up to the end of the last stream; bytes after it are passed over.
 * Throws VolumeIoError 'truncated', 'corrupt' or 'unsupported'. The format: J. Seward, bzip2; Burrows & Wheeler 1994.
 */
export async function* bunzip2(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  onEnd: (taken: number) => void,
): AsyncGenerator<Uint8Array> {
  const bits = new BitReader(chunks, file);
  let links = new Uint32Array(0);
  do {
    await bits.fetch(LONGEST_BLOCK);
    if (bits.read(16) !== 0x425a || bits.read(8) !== 0x68) throw damaged(file);
    const level = bits.read(8) - 48;
    if (!(level >= 1 && level <= 9)) throw damaged(file);
    if (links.length < level * BLOCK_STEP) links = new Uint32Array(level * BLOCK_STEP);
    let sum = 0;
    for (;;) {
      const high = bits.read(24);
      const low = bits.read(24);
      const crc = bits.read32();
      if (high === 0x177245 && low === 0x385090) {
        if (crc !== sum) throw damaged(file);
        break;
      }
      if (high !== 0x314159 || low !== 0x265359) throw damaged(file);
      sum = (((sum << 1) | (sum >>> 31)) ^ crc) >>> 0;
      yield* readBlock(bits, links.subarray(0, level * BLOCK_STEP), crc, file);
      await bits.fetch(LONGEST_BLOCK);
    }
    bits.align();
    await bits.fetch(4);
  } while (isBzip2(bits.ahead(4)));
  onEnd(bits.taken);
}

function damaged(file: string): VolumeIoError {
  return new VolumeIoError('corrupt', 'the bzip2 data is damaged', { file });
}

/** Bits of a stream, the highest of each byte first. What was fetched can be read without waiting. */
class BitReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** Bytes before `bytes`. */
  private before = 0;
  private held = 0;
  private count = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    private readonly file: string,
  ) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes that were begun to be read. */
  get taken(): number {
    return this.before + this.at;
  }

  /** Sees to it that `length` bytes are at hand, or all that there are. */
  async fetch(length: number): Promise<void> {
    let left = this.bytes.byteLength - this.at;
    if (left >= length) return;
    const parts = [this.bytes.subarray(this.at)];
    while (left < length) {
      const { value, done } = await this.chunks.next();
      if (done) break;
      parts.push(value);
      left += value.byteLength;
    }
    const bytes = new Uint8Array(left);
    let to = 0;
    for (const part of parts) {
      bytes.set(part, to);
      to += part.byteLength;
    }
    this.before += this.at;
    this.bytes = bytes;
    this.at = 0;
  }

  /** The next bytes, at most `length`, which stay to be read. */
  ahead(length: number): Uint8Array {
    return this.bytes.subarray(this.at, this.at + length);
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

  read32(): number {
    return ((this.read(16) << 16) | this.read(16)) >>> 0;
  }

  /** Goes on with the next whole byte. */
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
  file: string,
): Iterable<Uint8Array> {
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
  return expandRuns(links, filled, origin, crc, file);
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

/** Gives the block's bytes piece by piece; a single byte may stand for 256. */
function* expandRuns(
  links: Uint32Array,
  filled: number,
  origin: number,
  crc: number,
  file: string,
): Generator<Uint8Array> {
  const length = Math.min(PIECE, filled * LONGEST_RUN);
  let out = new Uint8Array(length);
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
    if (size + times > length) {
      yield out.subarray(0, size);
      out = new Uint8Array(length);
      size = 0;
    }
    for (let t = 0; t < times; t++) {
      out[size++] = value;
      sum = ((sum << 8) ^ CRC_TABLE[((sum >>> 24) ^ value) & 255]) >>> 0;
    }
  }
  if ((sum ^ 0xffffffff) >>> 0 !== crc) throw damaged(file);
  yield out.subarray(0, size);
}
