import type { ByteSource, FormatReader } from '../api.js';
import { detectFormat } from './detect-format.js';
import { guardRead } from './guard-read.js';

/** Finds the format of an open file, gives its reader to `work`, and closes the file whatever comes of it. */
export async function withFormat<R>(
  source: ByteSource,
  work: (reader: FormatReader, file: ByteSource) => Promise<R>,
): Promise<R> {
  try {
    const { entry, source: file } = await detectFormat(source);
    try {
      const reader = await entry.load();
      return await guardRead(file.name, () => work(reader, file));
    } finally {
      // The decompressed view of the file, where there is one.
      if (file !== source) await file.close();
    }
  } finally {
    await source.close();
  }
}
