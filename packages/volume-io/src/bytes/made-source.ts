import type { ByteSource } from './api.js';

/** Content that is made in memory when it is first read, and let go when the source is closed; a later read makes it anew. */
export class MadeSource implements ByteSource {
  private content: Promise<Uint8Array> | undefined;

  /** @param size - Bytes that `make` gives. */
  constructor(
    private readonly make: () => Promise<Uint8Array>,
    readonly size: number,
    readonly name: string,
  ) {}

  async read(start: number, length: number): Promise<Uint8Array> {
    this.content ??= this.make();
    return (await this.content).subarray(start, start + length);
  }

  async readInto(start: number, target: Uint8Array): Promise<number> {
    const part = await this.read(start, target.byteLength);
    target.set(part);
    return part.byteLength;
  }

  async sibling(): Promise<ByteSource | undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    this.content = undefined;
  }
}
