import { VolumeIoError } from '../errors.js';
import type { ByteSource } from './api.js';
import { ConcatSource } from './concat-source.js';

const MOST_FILES = 100_000;

/**
 * 'slice%03d.raw 1 20 1' → the 20 names; undefined when the text is a plain name.
 * Throws VolumeIoError 'corrupt' for a pattern whose numbers make no sense.
 */
export function expandFileList(text: string, file: string): string[] | undefined {
  const match = /^(.*)%(0?)(\d*)([du])(\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(\s+\d+)?\s*$/.exec(text);
  if (!match) return undefined;
  const [, before, zero, width, , after] = match;
  const [from, to, step] = match.slice(6, 9).map(Number);
  const count = Math.floor((to - from) / step) + 1;
  if (!(count >= 1 && count <= MOST_FILES)) {
    throw new VolumeIoError(
      'corrupt',
      `names its data files as ${JSON.stringify(text)}, which gives none`,
      {
        file,
      },
    );
  }
  return Array.from({ length: count }, (_, n) => {
    const number = String(from + n * step).padStart(Number(width), zero ? '0' : ' ');
    return `${before}${number}${after}`;
  });
}

/** Opens files beside `source` and joins them. Throws VolumeIoError 'companion-missing' or 'outside-folder'. */
export async function openParts(source: ByteSource, names: readonly string[]): Promise<ByteSource> {
  const parts: ByteSource[] = [];
  try {
    for (const name of names) {
      const part = await source.sibling(name);
      if (!part) {
        throw new VolumeIoError(
          'companion-missing',
          `needs the file ${JSON.stringify(name)}, which is not there`,
          {
            file: source.name,
          },
        );
      }
      parts.push(part);
    }
  } catch (error) {
    await Promise.all(parts.map((part) => part.close()));
    throw error;
  }
  if (parts.length === 1) return parts[0];
  return new ConcatSource(parts, source.name);
}

/** Runs `work` on a data file; closes the file when it failed or when its content was taken into memory. */
export async function locateIn<R extends { payload: { source: ByteSource } }>(
  header: ByteSource,
  data: ByteSource,
  work: (data: ByteSource) => Promise<R>,
): Promise<R> {
  let keep = data === header;
  try {
    const located = await work(data);
    keep ||= located.payload.source === data;
    return located;
  } finally {
    if (!keep) await data.close();
  }
}
