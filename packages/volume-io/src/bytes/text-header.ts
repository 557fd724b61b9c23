import type { ByteSource } from './api.js';

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
  let head: Uint8Array = new Uint8Array(0);
  for (let step = FIRST; head.byteLength < Math.min(source.size, MOST); step *= 2) {
    head = await source.read(0, Math.min(step, MOST));
    const bytes = end(latin1(head));
    if (bytes !== undefined) return { text: decode(head.subarray(0, bytes)), bytes };
  }
  return undefined;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  return LATIN1.decode(bytes);
}
