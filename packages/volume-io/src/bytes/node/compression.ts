import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import type { Deflated } from '../packing.js';

/**
 * Decompresses a stream off the main thread. Stops, and frees everything, when the caller stops iterating. Gives `onEnd` the
 * number of bytes that the stream took of `chunks`.
 */
export async function* inflate(
  packing: Deflated,
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (taken: number) => void,
): AsyncGenerator<Uint8Array> {
  // The buffer ahead of the consumer lets inflation go on while voxels are converted.
  const opts = { chunkSize: 1 << 20, highWaterMark: 4 << 20 };
  const stream =
    packing === 'gzip'
      ? zlib.createGunzip(opts)
      : packing === 'zlib'
        ? zlib.createInflate(opts)
        : zlib.createInflateRaw(opts);
  const input = Readable.from(chunks, { highWaterMark: 2 });
  const fed = pipeline(input, stream).catch(() => {
    // The same error reaches the loop below, which reports it.
  });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
    onEnd(stream.bytesWritten);
  } finally {
    stream.destroy();
    input.destroy();
    await fed;
  }
}

/** Compresses a stream off the main thread. */
export async function* deflate(
  packing: Deflated,
  chunks: AsyncIterable<Uint8Array>,
  level: number,
): AsyncGenerator<Uint8Array> {
  const opts = { chunkSize: 256 << 10, level };
  const stream =
    packing === 'gzip'
      ? zlib.createGzip(opts)
      : packing === 'zlib'
        ? zlib.createDeflate(opts)
        : zlib.createDeflateRaw(opts);
  let failure: unknown;
  const fed = pipeline(Readable.from(chunks, { highWaterMark: 2 }), stream).catch((error) => {
    failure = error;
  });
  for await (const chunk of stream) yield chunk as Uint8Array;
  await fed;
  if (failure) throw failure;
}
