import type { ByteSource } from './api.js';
import { type FindSibling, noSibling } from './find-sibling.js';

/** A Blob or File: bytes are fetched when they are asked for. */
export class BlobSource implements ByteSource {
  readonly size: number;

  constructor(
    private readonly blob: Blob,
    readonly name: string,
    private readonly beside: FindSibling = noSibling,
  ) {
    this.size = blob.size;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    const end = Math.min(start + length, this.size);
    if (start >= end) return new Uint8Array(0);
    return new Uint8Array(await this.blob.slice(start, end).arrayBuffer());
  }

  async readInto(start: number, target: Uint8Array): Promise<number> {
    // In pieces, so that a large target does not exist twice.
    const piece = 16 << 20;
    let done = 0;
    while (done < target.byteLength) {
      const bytes = await this.read(start + done, Math.min(piece, target.byteLength - done));
      if (bytes.byteLength === 0) break;
      target.set(bytes, done);
      done += bytes.byteLength;
    }
    return done;
  }

  async sibling(name: string): Promise<ByteSource | undefined> {
    return this.beside(name);
  }

  async close(): Promise<void> {}
}
