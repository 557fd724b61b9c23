import type { ByteSource } from './api.js';

/** A stretch of another source seen as a file of its own; closing it leaves the other open. */
export class SliceSource implements ByteSource {
  readonly size: number;

  constructor(
    private readonly whole: ByteSource,
    private readonly start: number,
    length: number,
    readonly name: string = whole.name,
  ) {
    this.size = Math.max(0, Math.min(length, whole.size - start));
  }

  read(start: number, length: number): Promise<Uint8Array> {
    return this.whole.read(this.start + start, Math.max(0, Math.min(length, this.size - start)));
  }

  readInto(start: number, target: Uint8Array): number | Promise<number> {
    const length = Math.max(0, Math.min(target.byteLength, this.size - start));
    return this.whole.readInto(this.start + start, target.subarray(0, length));
  }

  async sibling(): Promise<ByteSource | undefined> {
    return undefined;
  }

  async close(): Promise<void> {}
}
