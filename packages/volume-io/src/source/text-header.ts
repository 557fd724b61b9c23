import type { ByteSource } from '../api.js';

const STEP = 16384;
const MOST = 1 << 20;

/**
 * The start of a file as Latin-1 text, one character a byte, as far as `end` says that the header goes.
 * `end` gives the number of header bytes once it sees the end, else undefined. Gives up after 1 MiB.
 */
export async function readTextHeader(
  source: ByteSource,
  end: (text: string) => number | undefined,
): Promise<{ text: string; bytes: number } | undefined> {
  let text = '';
  for (let at = 0; at < Math.min(source.size, MOST); at += STEP) {
    text += latin1(await source.read(at, STEP));
    const bytes = end(text);
    if (bytes !== undefined) return { text: text.slice(0, bytes), bytes };
  }
  return undefined;
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.byteLength; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}
