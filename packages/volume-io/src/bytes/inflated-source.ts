import { VolumeIoError } from '../errors.js';
import type { ByteSource } from './api.js';
import { type Payload, unpackedChunks } from './payload.js';

/**
 * The content of a compressed file, for formats that do not read as a stream. Nothing of it is kept: reading onward goes
 * on where the last read ended, reading back inflates anew, so that memory is what the reader asks for and a file that
 * inflates to a great many bytes costs nothing but the time to count them.
 */
export class InflatedSource implements ByteSource {
  private chunks: AsyncIterator<Uint8Array> | undefined;
  private chunk: Uint8Array = new Uint8Array(0);
  /** Where `chunk` starts in the content. */
  private chunkAt = 0;
  /** Reads take turns. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly payload: Payload,
    readonly size: number,
    readonly name: string,
  ) {}

  /** Bytes of the file that follow the compressed data. */
  get trailing(): number {
    return this.payload.trailing ?? 0;
  }

  /**
   * Counts the bytes, and shows them to `look`. Throws VolumeIoError 'too-large' beyond `limit`, 'corrupt' or
   * 'truncated'.
   */
  static async open(
    payload: Payload,
    limit: number,
    look?: (bytes: Uint8Array) => void,
  ): Promise<InflatedSource> {
    const { name } = payload.source;
    let size = 0;
    for await (const chunk of unpackedChunks(payload)) {
      size += chunk.byteLength;
      look?.(chunk);
      if (size > limit) {
        throw new VolumeIoError('too-large', `decompresses to more than ${limit} bytes`, {
          file: name,
        });
      }
    }
    return new InflatedSource(payload, size, name);
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    const target = new Uint8Array(Math.max(0, Math.min(length, this.size - start)));
    const got = await this.readInto(start, target);
    return target.subarray(0, got);
  }

  readInto(start: number, target: Uint8Array): Promise<number> {
    const result = this.turn.then(() => this.fill(start, target));
    this.turn = result.catch(() => {
      // Whoever asked for it meets the error.
    });
    return result;
  }

  sibling(name: string, opts?: { followLinks?: boolean }): Promise<ByteSource | undefined> {
    return this.payload.source.sibling(name, opts);
  }

  async close(): Promise<void> {
    await this.turn;
    await this.rewind();
  }

  private async fill(start: number, target: Uint8Array): Promise<number> {
    if (start < this.chunkAt) await this.rewind();
    let done = 0;
    while (done < target.byteLength) {
      const from = start + done - this.chunkAt;
      if (from < this.chunk.byteLength) {
        const part = this.chunk.subarray(from, from + target.byteLength - done);
        target.set(part, done);
        done += part.byteLength;
      } else if (!(await this.next())) {
        break;
      }
    }
    return done;
  }

  private async next(): Promise<boolean> {
    this.chunks ??= unpackedChunks(this.payload)[Symbol.asyncIterator]();
    const { value, done } = await this.chunks.next();
    if (done) return false;
    this.chunkAt += this.chunk.byteLength;
    this.chunk = value;
    return true;
  }

  private async rewind(): Promise<void> {
    await this.chunks?.return?.();
    this.chunks = undefined;
    this.chunk = new Uint8Array(0);
    this.chunkAt = 0;
  }
}
