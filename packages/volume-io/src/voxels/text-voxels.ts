import type { ByteSource } from '../bytes/api.js';
import { latin1 } from '../bytes/text-header.js';
import { VolumeIoError } from '../errors.js';
import { allocateVoxels, type StoredType } from './stored-type.js';

/** Text is parsed in pieces of this many bytes, and only as far as the voxels go. */
const PIECE = 1 << 20;
/** No number needs more digits. */
const LONGEST_WORD = 1024;

/**
 * Numbers written as text, from byte `start` on → the bytes that a binary file of this machine's byte order would hold.
 * Throws VolumeIoError 'truncated' when there are fewer than `count`, 'corrupt' for what is no number.
 */
export async function readTextVoxels(
  source: ByteSource,
  start: number,
  type: Exclude<StoredType, 'float16'>,
  count: number,
): Promise<Uint8Array> {
  const file = source.name;
  // A number takes at least two characters with its separator, so a promise beyond that is known to be false.
  if (count > (source.size - start + 1) / 2) throw tooFew(count, file);
  const out = allocateVoxels(type, count, file);
  let n = 0;
  let rest = '';
  for (let at = start; at < source.size && n < count; at += PIECE) {
    const text = rest + latin1(await source.read(at, PIECE));
    // The last word may go on in the next piece.
    const end = at + PIECE < source.size ? lastWordStart(text) : text.length;
    rest = text.slice(end);
    if (rest.length > LONGEST_WORD) throw noNumber(rest, file);
    for (const [word] of text.slice(0, end).matchAll(/[^\s,]+/g)) {
      if (n === count) break;
      if (type === 'int64' || type === 'uint64') {
        if (!/^[+-]?\d+$/.test(word)) throw noNumber(word, file);
        out[n++] = BigInt(word.replace(/^\+/, ''));
      } else {
        out[n++] = parseNumber(word, file);
      }
    }
  }
  if (n < count) throw tooFew(count, file);
  return new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
}

function lastWordStart(text: string): number {
  let at = text.length;
  while (at > 0 && !/[\s,]/.test(text[at - 1])) at--;
  return at;
}

/** Hexadecimal digits from byte `start` on, white space anywhere, → bytes. Throws as readTextVoxels does. */
export async function readHexVoxels(
  source: ByteSource,
  start: number,
  length: number,
): Promise<Uint8Array> {
  const file = source.name;
  if (2 * length > source.size - start) throw tooFew(length, file);
  const out = new Uint8Array(length);
  let digits = 0;
  for (let at = start; at < source.size && digits < 2 * length; at += PIECE) {
    for (const c of await source.read(at, PIECE)) {
      if (c <= 32) continue;
      if (digits === 2 * length) break;
      const v = Number.parseInt(String.fromCharCode(c), 16);
      if (Number.isNaN(v)) throw noNumber(String.fromCharCode(c), file);
      out[digits >> 1] = (out[digits >> 1] << 4) | v;
      digits++;
    }
  }
  if (digits < 2 * length) throw tooFew(length, file);
  return out;
}

function parseNumber(word: string, file: string): number {
  if (/^[+-]?nan$/i.test(word)) return Number.NaN;
  const infinity = /^([+-]?)inf(inity)?$/i.exec(word);
  if (infinity) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const v = Number(word);
  if (Number.isNaN(v)) throw noNumber(word, file);
  return v;
}

function tooFew(count: number, file: string): VolumeIoError {
  return new VolumeIoError(
    'truncated',
    `holds fewer than the ${count} values that its header promises`,
    { file },
  );
}

function noNumber(word: string, file: string): VolumeIoError {
  return new VolumeIoError(
    'corrupt',
    `has ${JSON.stringify(word.slice(0, 40))} where a number should be`,
    { file },
  );
}
