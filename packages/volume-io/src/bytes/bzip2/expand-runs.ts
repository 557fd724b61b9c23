import { damaged } from './damaged.js';

/** Bytes that a byte of a block can stand for. */
const LONGEST_RUN = 256;
/** Decompressed bytes that are given at a time. */
const PIECE = 1 << 18;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n << 24;
  for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
  return c >>> 0;
});

/** Gives the block's bytes piece by piece; a single byte may stand for 256. */
export function* expandRuns(
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
