import type { ByteSource } from './api.js';
import { type FindSibling, noSibling } from './find-sibling.js';

/** One file held in memory. `read` gives views of it, not copies. */
export class BytesSource implements ByteSource {
  readonly size: number;

  constructor(
    private readonly bytes: Uint8Array,
    readonly name: string,
    private readonly beside: FindSibling = noSibling,
  ) {
    this.size = bytes.byteLength;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    return this.bytes.subarray(start, start + length);
  }

  readInto(start: number, target: Uint8Array): number {
    const part = this.bytes.subarray(start, start + target.byteLength);
    target.set(part);
    return part.byteLength;
  }

  async sibling(name: string): Promise<ByteSource | undefined> {
    return this.beside(name);
  }

  async close(): Promise<void> {}
}
