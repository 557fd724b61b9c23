import { VolumeIoError } from '../errors.js';
import type { ByteSource, FolderSource } from './api.js';
import { inflateLeniently } from './inflate-leniently.js';
import type { Deflated } from './packing.js';

function noPaths(path: string | URL): never {
  throw new VolumeIoError(
    'unsupported',
    'paths cannot be opened in a browser; pass a File, a Blob or bytes',
    {
      file: String(path),
    },
  );
}

/** Always throws: a browser has no paths. */
export async function openPath(
  path: string | URL,
): Promise<{ kind: 'file'; source: ByteSource } | { kind: 'folder'; folder: FolderSource }> {
  return noPaths(path);
}

/** Always throws: a browser has no paths. Use encodeVolume. */
export async function writeFiles(
  files: readonly { path: string | URL; chunks: AsyncIterable<Uint8Array> }[],
): Promise<void> {
  noPaths(files[0].path);
}

const STREAM_NAMES = { gzip: 'gzip', zlib: 'deflate', raw: 'deflate-raw' } as const;

/**
 * Decompresses a stream with the browser's own inflater, which takes one gzip member and nothing after it. Gives `onEnd`
 * the number of bytes that the stream took of `chunks`.
 */
export async function* inflate(
  packing: Deflated,
  chunks: AsyncIterable<Uint8Array>,
  onEnd: (taken: number) => void,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const all = resume(first, iterator);
  // Files of several members (bgzip, mgzip) say so in an extra field.
  if (packing === 'gzip' && !first.done && (first.value[3] & 4) !== 0) {
    yield* inflateLeniently(packing, all, onEnd);
    return;
  }
  let taken = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of all) {
      taken += chunk.byteLength;
      yield chunk;
    }
  }
  yield* through(counted(), new DecompressionStream(STREAM_NAMES[packing]));
  onEnd(taken);
}

/** Compresses a stream with the browser's own deflater, which chooses its own level. */
export function deflate(
  packing: Deflated,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  return through(chunks, new CompressionStream(STREAM_NAMES[packing]));
}

async function* resume(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let next = first;
  while (!next.done) {
    yield next.value;
    next = await rest.next();
  }
}

async function* through(
  chunks: AsyncIterable<Uint8Array>,
  stream: DecompressionStream | CompressionStream,
): AsyncGenerator<Uint8Array> {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const feed = async (): Promise<void> => {
    for await (const chunk of chunks) {
      await writer.ready;
      await writer.write(chunk);
    }
    await writer.close();
  };
  const fed = feed().catch((error) => writer.abort(error));
  // Failures of the feeding side reach the reader; this keeps them from being reported twice.
  fed.catch(() => {});
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value as Uint8Array;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
