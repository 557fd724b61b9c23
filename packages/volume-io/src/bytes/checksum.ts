import { crc32 } from './crc32.js';

/** The checksum of decompressed bytes, and where a stream that ends with it ends. */
export interface Checksum {
  /** Takes in more of the decompressed bytes. */
  add(bytes: Uint8Array): void;
  /** Begins anew, for the next member. */
  restart(): void;
  /** Bytes that it takes in the file. */
  readonly length: number;
  /** Does it stand in `bytes` from `at` on? */
  standsAt(bytes: Uint8Array, at: number): boolean;
}

/** CRC-32 and length modulo 2^32, low bytes first (RFC 1952). */
export class GzipChecksum implements Checksum {
  readonly length = 8;
  private crc = 0;
  private size = 0;

  add(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
    this.size = (this.size + bytes.byteLength) % 2 ** 32;
  }

  restart(): void {
    this.crc = 0;
    this.size = 0;
  }

  standsAt(bytes: Uint8Array, at: number): boolean {
    if (at < 0 || at + this.length > bytes.byteLength) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, this.length);
    return view.getUint32(0, true) === this.crc && view.getUint32(4, true) === this.size;
  }
}

/** Largest prime below 2^16. */
const MODULUS = 65521;
/** So many bytes can be added before a sum has to be reduced. */
const BATCH = 3800;

/** Adler-32, high bytes first (RFC 1950). */
export class ZlibChecksum implements Checksum {
  readonly length = 4;
  private low = 1;
  private high = 0;

  add(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.byteLength; from += BATCH) {
      const until = Math.min(from + BATCH, bytes.byteLength);
      for (let n = from; n < until; n++) {
        this.low += bytes[n];
        this.high += this.low;
      }
      this.low %= MODULUS;
      this.high %= MODULUS;
    }
  }

  restart(): void {
    this.low = 1;
    this.high = 0;
  }

  standsAt(bytes: Uint8Array, at: number): boolean {
    if (at < 0 || at + this.length > bytes.byteLength) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, this.length);
    return view.getUint16(0) === this.high && view.getUint16(2) === this.low;
  }
}
