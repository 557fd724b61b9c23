import { VolumeIoError } from '../../errors.js';
import type { BitReader } from './bit-reader.js';
import { damaged } from './damaged.js';
import { expandRuns } from './expand-runs.js';
import { decodeSymbol, readTable } from './huffman.js';

/** One block: Huffman codes → move-to-front → inverse Burrows-Wheeler → run lengths. */
export function readBlock(
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
