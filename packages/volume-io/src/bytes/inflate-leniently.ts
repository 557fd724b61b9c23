import { Gunzip, Inflate, Unzlib } from 'fflate';
import { type Checksum, GzipChecksum, ZlibChecksum } from './checksum.js';
import type { Deflated } from './packing.js';

/** Small steps, so that a highly compressed chunk does not become hundreds of megabytes at once. */
const STEP = 16384;
/** Steps that are kept after the last one that gave output: the checksum lies in them. */
const AFTER = 2;

/**
 * Decompresses a stream that other bytes may follow, for where the platform's own decompressor refuses them. Members of
 * gzip are taken as long as they follow each other. Gives `onEnd` the number of bytes up to the end of the stream.
 * Throws for data that is damaged or incomplete by the stream's own checksum; a raw stream has none.
 */
export async function* inflateLeniently(
  packing: Deflated,
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (taken: number) => void,
): AsyncGenerator<Uint8Array> {
  const decoder = new StepDecoder(packing);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; at += STEP) {
      yield* decoder.push(chunk.subarray(at, at + STEP));
    }
  }
  yield* decoder.push(new Uint8Array(0), true);
  onEnd(decoder.end());
}

/** Decodes step by step, until something fails: what follows the end of a stream is no stream, and that is a failure. */
class StepDecoder {
  private readonly sum: Checksum | undefined;
  private readonly stream: Gunzip | Unzlib | Inflate;
  private out: Uint8Array[] = [];
  /** The steps around the last one that gave output, and where in the stream they begin. */
  private recent: Uint8Array[] = [];
  private recentAt = 0;
  private idle = 0;
  private taken = 0;
  private failure: unknown;

  constructor(packing: Deflated) {
    const collect = (bytes: Uint8Array): void => {
      if (bytes.byteLength === 0) return;
      this.sum?.add(bytes);
      this.out.push(bytes);
    };
    if (packing === 'gzip') {
      const gunzip = new Gunzip(collect);
      gunzip.onmember = (start) => this.nextMember(start);
      this.stream = gunzip;
      this.sum = new GzipChecksum();
    } else if (packing === 'zlib') {
      this.stream = new Unzlib(collect);
      this.sum = new ZlibChecksum();
    } else {
      this.stream = new Inflate(collect);
    }
  }

  /** The output of some more bytes; none once something failed. */
  push(bytes: Uint8Array, final = false): readonly Uint8Array[] {
    if (this.failure !== undefined) return [];
    this.out = [];
    this.keep(bytes);
    try {
      this.stream.push(bytes, final);
    } catch (error) {
      this.failure = error;
    }
    if (this.out.length > 0 && this.idle >= AFTER) {
      this.recent = [bytes];
      this.recentAt = this.taken - bytes.byteLength;
    }
    this.idle = this.out.length > 0 ? 0 : this.idle + 1;
    return this.out;
  }

  /** Where the stream ended. Throws what failed, unless the stream was complete by then. */
  end(): number {
    if (!this.sum) {
      if (this.failure !== undefined) throw this.failure;
      return this.taken;
    }
    const bytes = this.recentBytes();
    for (let at = 0; at + this.sum.length <= bytes.byteLength; at++) {
      if (this.sum.standsAt(bytes, at)) return this.recentAt + at + this.sum.length;
    }
    throw this.failure ?? new Error('incorrect data check');
  }

  private nextMember(start: number): void {
    const before = start - this.recentAt - (this.sum?.length ?? 0);
    if (!this.sum?.standsAt(this.recentBytes(), before)) throw new Error('incorrect data check');
    this.sum.restart();
  }

  private keep(bytes: Uint8Array): void {
    this.taken += bytes.byteLength;
    if (this.idle >= AFTER) return;
    this.recent.push(bytes);
    // The step before may hold the beginning of the checksum.
    while (this.idle === 0 && this.recent.length > AFTER) {
      this.recentAt += this.recent[0].byteLength;
      this.recent.shift();
    }
  }

  private recentBytes(): Uint8Array {
    const out = new Uint8Array(this.recent.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of this.recent) {
      out.set(part, at);
      at += part.byteLength;
    }
    return out;
  }
}
