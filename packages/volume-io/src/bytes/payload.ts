import { inflate } from '#platform';
import type { ByteSource } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { isGzip } from './names.js';
import type { Packing } from './packing.js';

/** A stretch of a file that holds voxels, as it is or compressed. */
export interface Payload {
  source: ByteSource;
  /** Where it starts in the file. */
  start: number;
  /** Bytes in the file. */
  length: number;
  packing?: Packing;
}

/** Bytes that are read or decompressed at a time. */
export const PIECE = 1 << 20;

/** A file from its first to its last byte, decompressed when it starts as gzip does. */
export async function wholeFile(source: ByteSource): Promise<Payload> {
  const gzip = isGzip(await source.read(0, 3));
  return { source, start: 0, length: source.size, ...(gzip && { packing: 'gzip' }) };
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

/** The decompressed bytes of `payload`; errors of the decompressor become VolumeIoError 'corrupt' or 'truncated'. */
export async function* unpackedChunks(
  payload: Payload,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const packed = packedChunks(payload, signal);
  if (!payload.packing) {
    yield* packed;
    return;
  }
  try {
    yield* inflate(payload.packing, packed);
  } catch (error) {
    throw unpackError(error, payload.source.name);
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
