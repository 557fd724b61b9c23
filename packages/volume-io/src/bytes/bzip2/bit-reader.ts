import { VolumeIoError } from '../../errors.js';

/** Bits of a stream, the highest of each byte first. What was fetched can be read without waiting. */
export class BitReader {
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

  /** 32 bits. */
  read32(): number {
    return ((this.read(16) << 16) | this.read(16)) >>> 0;
  }

  /** Goes on with the next whole byte. */
  align(): void {
    this.held = 0;
    this.count = 0;
  }
}
