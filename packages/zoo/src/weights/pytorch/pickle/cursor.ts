import { WeightFormatError } from '../../../errors.js';

/** A position in the bytes of a pickle; every read is checked against their end. */
export class Cursor {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private advance(count: number): number {
    const start = this.position;
    if (count < 0 || start + count > this.bytes.length) {
      throw new WeightFormatError('truncated', 'the pickle ends in the middle of a value');
    }
    this.position = start + count;
    return start;
  }

  uint8(): number {
    return this.bytes[this.advance(1)];
  }
  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }
  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }
  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }
  /** A length: no more than the file has bytes. */
  length64(): number {
    const value = this.view.getBigUint64(this.advance(8), true);
    if (value > BigInt(this.bytes.length)) {
      throw new WeightFormatError('truncated', 'the pickle claims more bytes than the file has');
    }
    return Number(value);
  }
  float64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
  }
  take(count: number): Uint8Array {
    const start = this.advance(count);
    return this.bytes.subarray(start, start + count);
  }
  /** The text up to the next line feed, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) {
      throw new WeightFormatError('truncated', 'the pickle ends in the middle of a line');
    }
    const text = latin1(this.bytes.subarray(this.position, end));
    this.position = end + 1;
    return text;
  }
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
