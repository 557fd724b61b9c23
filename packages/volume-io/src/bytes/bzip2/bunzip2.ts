import { BitReader } from './bit-reader.js';
import { damaged } from './damaged.js';
import { readBlock } from './read-block.js';

/** Does the file start as bzip2 does? */
export function isBzip2(head: Uint8Array): boolean {
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 && head[3] >= 49 && head[3] <= 57;
}

/** Bytes of a block for each level, before runs are expanded. */
const BLOCK_STEP = 100_000;
/** Bytes in the file of the longest block: 900,000 symbols of 20 bits, with its tables. */
const LONGEST_BLOCK = 2_400_000;

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
