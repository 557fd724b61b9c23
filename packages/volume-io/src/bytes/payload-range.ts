import { VolumeIoError } from '../errors.js';
import { type Payload, PIECE, throwIfAborted, unpackedChunks } from './payload.js';

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
  const fetch = async (at: number, turn: number): Promise<number> =>
    at < length
      ? source.readInto(start + from + at, buffers[turn].subarray(0, Math.min(PIECE, length - at)))
      : 0;
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
    yield buffers[turn].subarray(0, wanted);
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
