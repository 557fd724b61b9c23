import type { ByteSource } from '../api.js';

/** Most headers are shorter; each further read is twice as long. */
const FIRST = 2048;
const MOST = 1 << 20;

/**
 * The start of a file as text, as far as `end` says that the header goes. `end` is shown one character a byte, and gives
 * the number of header bytes once it sees the end. Gives up after 1 MiB. The text is UTF-8, or Latin-1 where it is not.
 */
export async function readTextHeader(
  source: ByteSource,
  end: (text: string) => number | undefined,
): Promise<{ text: string; bytes: number } | undefined> {
  let text = '';
  for (let step = FIRST; text.length < Math.min(source.size, MOST); step *= 2) {
    text += latin1(await source.read(text.length, step));
    const bytes = end(text);
    if (bytes !== undefined) return { text: decode(text.slice(0, bytes)), bytes };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.byteLength; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}
