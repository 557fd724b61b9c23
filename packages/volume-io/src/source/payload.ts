import { inflate } from '#platform';
import type { ByteSource } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { isGzip } from './names.js';
import { MAX_DEFLATE_RATIO, type Packing } from './packing.js';

/** A stretch of a file that holds voxels, as it is or compressed. */
export interface Payload {
  source: ByteSource;
  /** Where it starts in the file. */
  start: number;
  /** Bytes in the file. */
  length: number;
  packing?: Packing;
}

const PIECE = 1 << 20;

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

/**
 * How many decompressed bytes may be reserved at once for a payload that is said to hold `promised`: all of them when
 * the file backs the promise, otherwise a start that grows with what really arrives. Throws VolumeIoError 'truncated'
 * when the promise is impossible.
 */
export async function trustedBytes(payload: Payload, promised: number): Promise<number> {
  const { source, packing } = payload;
  const length = Math.min(payload.length, source.size - payload.start);
  const most = packing ? length * MAX_DEFLATE_RATIO : length;
  if (promised > most) {
    throw new VolumeIoError(
      'truncated',
      `the header promises ${promised} bytes of voxels, but the file holds ${packing ? 'at most ' : ''}${most}`,
      { file: source.name },
    );
  }
  if (!packing) return promised;
  if (packing === 'gzip' && length >= 18) {
    // The last four bytes of gzip are the decompressed size modulo 2^32.
    const tail = await source.read(payload.start + length - 4, 4);
    const said = (tail[0]! | (tail[1]! << 8) | (tail[2]! << 16) | (tail[3]! << 24)) >>> 0;
    if (said === promised % 2 ** 32 || (said >= promised && said <= 64 * length)) return promised;
  }
  return Math.min(promised, Math.max(4 * length, PIECE));
}

/**
 * Exactly the bytes [from, from + length) of the decompressed payload, piece by piece. A piece is valid until the next
 * is asked for, and not to be written to. Throws VolumeIoError 'truncated' when there are fewer.
 */
export async function* payloadRange(
  payload: Payload,
  from: number,
  length: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!payload.packing) {
    yield* rawRange(payload, from, length, signal);
    return;
  }
  let skip = from;
  let left = length;
  let beyond = 0;
  for await (const chunk of unpackedChunks(payload, signal)) {
    if (left === 0) {
      // Reading on to the end lets the decompressor verify its checksum, unless much more follows.
      beyond += chunk.byteLength;
      if (beyond > PIECE) return;
      continue;
    }
    if (skip >= chunk.byteLength) {
      skip -= chunk.byteLength;
      continue;
    }
    const piece = chunk.subarray(skip, skip + left);
    skip = 0;
    left -= piece.byteLength;
    yield piece;
  }
  if (left > 0) throw endsEarly(left, length, payload.source.name);
}

/** Two buffers take turns, so that the next piece is read while the caller works on one, and little memory is used. */
async function* rawRange(
  payload: Payload,
  from: number,
  length: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { source, start } = payload;
  const buffers = [
    new Uint8Array(Math.min(PIECE, length)),
    new Uint8Array(Math.min(PIECE, length)),
  ];
  const fetch = (at: number, turn: number): Promise<number> =>
    at < length
      ? source.readInto(start + from + at, buffers[turn]!.subarray(0, Math.min(PIECE, length - at)))
      : Promise.resolve(0);
  let next = fetch(0, 0);
  let turn = 0;
  for (let at = 0; at < length; at += PIECE) {
    const wanted = Math.min(PIECE, length - at);
    const got = await next;
    throwIfAborted(signal, source.name);
    if (got < wanted) throw endsEarly(length - at - got, length, source.name);
    next = fetch(at + PIECE, 1 - turn);
    // Should the caller stop here, nobody waits for the next piece: its failure must not go unhandled.
    next.catch(() => {});
    yield buffers[turn]!.subarray(0, wanted);
    turn = 1 - turn;
  }
}

function endsEarly(missing: number, length: number, file: string): VolumeIoError {
  return new VolumeIoError(
    'truncated',
    `ends ${missing} bytes before the voxels that its header promises (${length} bytes)`,
    { file },
  );
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
