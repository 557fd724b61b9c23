import { Gunzip } from 'fflate';
import type { ByteSource, FolderSource } from '../api.js';
import { VolumeIoError } from '../errors.js';
import type { Packing } from './packing.js';

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

/** Decompresses a stream with the browser's own inflater. */
export async function* inflate(
  packing: Packing,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const all = resume(first, iterator);
  // Files of several gzip members (bgzip, mgzip) say so in an extra field; DecompressionStream takes one member only.
  if (packing === 'gzip' && !first.done && (first.value[3] & 4) !== 0) yield* gunzipMembers(all);
  else yield* through(all, new DecompressionStream(STREAM_NAMES[packing]));
}

/** Compresses a stream with the browser's own deflater, which chooses its own level. */
export function deflate(
  packing: Packing,
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

async function* gunzipMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const gunzip = new Gunzip((chunk) => out.push(chunk));
  for await (const chunk of chunks) {
    // Small steps, so that a highly compressed chunk does not become hundreds of megabytes at once.
    for (let at = 0; at < chunk.byteLength; at += 16384) {
      gunzip.push(chunk.subarray(at, at + 16384));
      yield* out;
      out = [];
    }
  }
  gunzip.push(new Uint8Array(0), true);
  yield* out;
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
