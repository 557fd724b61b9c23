import { VolumeIoError } from '../../../../errors.js';
import type { HuffmanTable } from './huffman.js';

/** Reads the entropy-coded bits of a scan: undoes byte stuffing and stops at markers. */
export class BitReader {
  private readonly data: Uint8Array;
  /** Next byte to load. */
  private at: number;
  private buffer = 0;
  private count = 0;
  /** Zero bits loaded after the data ended. */
  private padded = 0;

  constructor(data: Uint8Array, at: number) {
    this.data = data;
    this.at = at;
  }

  private fill(): void {
    const { data } = this;
    while (this.count <= 24) {
      let byte = data[this.at];
      if (byte === undefined || (byte === 0xff && data[this.at + 1] !== 0)) {
        byte = 0;
        this.padded += 8;
        if (this.padded > 8192) throw overrun();
      } else {
        this.at += byte === 0xff ? 2 : 1;
      }
      this.buffer = (this.buffer << 8) | byte;
      this.count += 8;
    }
  }

  /** The next `n` bits, 0 < n ≤ 16, as an unsigned number. */
  bits(n: number): number {
    if (this.count < n) this.fill();
    this.count -= n;
    return (this.buffer >>> this.count) & ((1 << n) - 1);
  }

  bit(): number {
    if (this.count < 1) this.fill();
    this.count--;
    return (this.buffer >>> this.count) & 1;
  }

  /** A signed value of `n` bits as JPEG codes differences (ITU-T T.81, F.2.2.1 EXTEND). */
  signed(n: number): number {
    const value = this.bits(n);
    return value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
  }

  /** The next Huffman symbol. */
  symbol(table: HuffmanTable): number {
    if (this.count < 16) this.fill();
    const peek = (this.buffer >>> (this.count - 16)) & 0xffff;
    const entry = table.fast[peek >>> 7];
    if (entry !== 0) {
      this.count -= entry >>> 8;
      return entry & 0xff;
    }
    for (let length = 10; length <= 16; length++) {
      const code = peek >>> (16 - length);
      if (code <= table.maxCode[length]) {
        this.count -= length;
        return table.symbols[table.offset[length] + code];
      }
    }
    throw new VolumeIoError('corrupt', 'the JPEG data holds a code that its Huffman table lacks');
  }

  /** Goes on after the restart marker that must follow; false when there is none. */
  restart(): boolean {
    this.check();
    this.count = 0;
    this.buffer = 0;
    this.padded = 0;
    const { data } = this;
    while (data[this.at] === 0xff && data[this.at + 1] === 0xff) this.at++;
    const marker = data[this.at + 1];
    if (data[this.at] !== 0xff || marker === undefined || marker < 0xd0 || marker > 0xd7)
      return false;
    this.at += 2;
    return true;
  }

  /** Throws when bits were read that the data does not have. */
  check(): void {
    if (this.padded > this.count) throw overrun();
  }

  /** Where the data of the scan ends, or where the marker after it starts. */
  end(): number {
    this.check();
    return this.at;
  }
}

const overrun = (): VolumeIoError =>
  new VolumeIoError('truncated', 'the JPEG data ends before the image is complete');
