import { inflate } from '#platform';
import { VolumeIoError } from '../errors.js';
import type { ByteSource } from './api.js';
import { bunzip2, isBzip2 } from './bzip2/bunzip2.js';
import { inflateLeniently } from './inflate-leniently.js';
import { isGzip } from './names.js';
import type { Deflated, Packing } from './packing.js';

/** A stretch of a file that holds voxels, as it is or compressed. */
export interface Payload {
  source: ByteSource;
  /** Where it starts in the file. */
  start: number;
  /** Bytes in the file. */
  length: number;
  packing?: Packing;
  /** Bytes that follow the compressed data, once that has been read to its end. */
  trailing?: number;
}

/** Bytes that are read or decompressed at a time. */
export const PIECE = 1 << 20;

/** A file from its first to its last byte, decompressed when it starts as gzip or bzip2 does. */
export async function wholeFile(source: ByteSource): Promise<Payload> {
  return { source, start: 0, length: source.size, packing: packingOf(await source.read(0, 4)) };
}

/** How a file is compressed, by its first four bytes. */
export function packingOf(head: Uint8Array): 'gzip' | 'bzip2' | undefined {
  if (isGzip(head)) return 'gzip';
  return isBzip2(head) ? 'bzip2' : undefined;
}

/** Bytes of `payload` as they are in the file, piece by piece. */
async function* packedChunks(payload: Payload, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const end = Math.min(payload.start + payload.length, payload.source.size);
  for (let at = payload.start; at < end; at += PIECE) {
    throwIfAborted(signal, payload.source.name);
    yield await payload.source.read(at, Math.min(PIECE, end - at));
  }
}

/** Rejects with VolumeIoError 'aborted' once the signal is. */
export function throwIfAborted(signal: AbortSignal | undefined, file: string): void {
  if (signal?.aborted) {
    throw new VolumeIoError('aborted', 'reading was stopped', { file, cause: signal.reason });
  }
}

/** What a header notes about bytes after compressed data. */
export function trailingNote(count: number): string {
  return count === 1
    ? '1 byte after the end of the compressed data was passed over.'
    : `${count} bytes after the end of the compressed data were passed over.`;
}

/** The decompressed bytes of `payload`; errors of the decompressor become VolumeIoError 'corrupt' or 'truncated'. */
export async function* unpackedChunks(
  payload: Payload,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { packing, source } = payload;
  if (!packing) {
    yield* packedChunks(payload, signal);
    return;
  }
  const length = Math.max(0, Math.min(payload.length, source.size - payload.start));
  const onEnd = (taken: number): void => {
    payload.trailing = length - taken;
  };
  if (packing === 'bzip2') {
    yield* bunzip2(packedChunks(payload, signal), source.name, onEnd);
    return;
  }
  let given = 0;
  try {
    for await (const chunk of inflate(packing, packedChunks(payload, signal), onEnd)) {
      given += chunk.byteLength;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof VolumeIoError) throw error;
    yield* unpackedAfter(given, payload, packing, error, onEnd, signal);
  }
}

/**
 * What comes after the first `given` bytes, when the platform's decompressor has failed with `error`: that may have been
 * on what follows the compressed data.
 */
async function* unpackedAfter(
  given: number,
  payload: Payload,
  packing: Deflated,
  error: unknown,
  onEnd: (taken: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let skip = given;
  try {
    for await (const chunk of inflateLeniently(packing, packedChunks(payload, signal), onEnd)) {
      if (chunk.byteLength > skip) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.byteLength);
    }
  } catch (second) {
    throw unpackError(second instanceof VolumeIoError ? second : error, payload.source.name);
  }
}

function unpackError(error: unknown, file: string): VolumeIoError {
  if (error instanceof VolumeIoError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === 'Z_BUF_ERROR' || /unexpected end|truncated|ended/i.test(message)) {
    return new VolumeIoError('truncated', 'the compressed data ends too early', {
      file,
      cause: error,
    });
  }
  return new VolumeIoError('corrupt', `the compressed data is damaged (${message})`, {
    file,
    cause: error,
  });
}

/** Up to `length` bytes from the start of the decompressed payload. */
export async function unpackedHead(payload: Payload, length: number): Promise<Uint8Array> {
  if (!payload.packing) {
    return payload.source.read(payload.start, Math.min(length, payload.length));
  }
  if (length > PIECE) return unpackedHeadOfAll(payload, length);
  // A small file head is enough for a header, and reading it costs less than a whole piece.
  const head = { ...payload, length: Math.min(payload.length, Math.max(4096, 2 * length)) };
  const out = new Uint8Array(length);
  let done = 0;
  try {
    for await (const chunk of unpackedChunks(head)) {
      const part = chunk.subarray(0, length - done);
      out.set(part, done);
      done += part.byteLength;
      if (done === length) break;
    }
  } catch (error) {
    // The head was cut off on purpose, so an early end is no error unless it is the whole file's.
    const cut = head.length < payload.length && (error as VolumeIoError).code === 'truncated';
    if (!cut && done === 0) throw error;
    if (!cut) return out.subarray(0, done);
    if (done < length) return unpackedHeadOfAll(payload, length);
  }
  return out.subarray(0, done);
}

async function unpackedHeadOfAll(payload: Payload, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let done = 0;
  for await (const chunk of unpackedChunks(payload)) {
    const part = chunk.subarray(0, length - done);
    parts.push(part);
    done += part.byteLength;
    if (done >= length) break;
  }
  return concatBytes(parts, done);
}

/** One array of all parts. */
export function concatBytes(parts: readonly Uint8Array[], total: number): Uint8Array {
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/** All decompressed bytes, refused ('too-large') beyond `limit`. For formats that are not read as a stream. */
export async function unpackAll(payload: Payload, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of unpackedChunks(payload)) {
    total += chunk.byteLength;
    if (total > limit) {
      throw new VolumeIoError('too-large', `decompresses to more than ${limit} bytes`, {
        file: payload.source.name,
      });
    }
    parts.push(chunk);
  }
  return concatBytes(parts, total);
}

/** The last `length` decompressed bytes, or all that there are, with no more memory than they take. */
export async function unpackedTail(payload: Payload, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of unpackedChunks(payload)) {
    parts.push(chunk);
    total += chunk.byteLength;
    while (total - parts[0].byteLength >= length) total -= parts.shift()?.byteLength ?? 0;
  }
  const bytes = concatBytes(parts, total);
  return bytes.subarray(Math.max(0, total - length));
}
