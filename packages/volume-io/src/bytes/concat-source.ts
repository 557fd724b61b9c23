import type { ByteSource } from './api.js';

/** Several sources one after the other, such as a volume kept as one raw file a slice. Closing closes all. */
export class ConcatSource implements ByteSource {
  readonly size: number;

  constructor(
    private readonly parts: readonly ByteSource[],
    readonly name: string,
  ) {
    this.size = parts.reduce((sum, part) => sum + part.size, 0);
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    const target = new Uint8Array(Math.max(0, Math.min(length, this.size - start)));
    await this.readInto(start, target);
    return target;
  }

  async readInto(start: number, target: Uint8Array): Promise<number> {
    let done = 0;
    let partStart = 0;
    for (const part of this.parts) {
      const from = start + done - partStart;
      if (from < part.size && done < target.byteLength) {
        const length = Math.min(part.size - from, target.byteLength - done);
        done += await part.readInto(from, target.subarray(done, done + length));
      }
      partStart += part.size;
    }
    return done;
  }

  async sibling(): Promise<ByteSource | undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.close()));
  }
}
