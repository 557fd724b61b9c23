import { VolumeIoError } from '../errors.js';
import { latin1 } from '../source/text-header.js';
import { allocateVoxels, type StoredType } from './stored-type.js';

/**
 * Numbers written as text → the bytes that a binary file of this machine's byte order would hold.
 * Throws VolumeIoError 'truncated' when there are fewer than `count`, 'corrupt' for what is no number.
 */
export function parseTextVoxels(
  bytes: Uint8Array,
  type: Exclude<StoredType, 'float16'>,
  count: number,
  file: string,
): Uint8Array {
  // A number takes at least two characters with its separator, so a promise beyond that is known to be false.
  if (count > (bytes.byteLength + 1) / 2) throw tooFew(count, file);
  const out = allocateVoxels(type, count, file);
  const words = latin1(bytes).matchAll(/[^\s,]+/g);
  let n = 0;
  for (const [word] of words) {
    if (n === count) break;
    if (type === 'int64' || type === 'uint64') {
      if (!/^[+-]?\d+$/.test(word)) throw noNumber(word, file);
      (out as BigInt64Array)[n++] = BigInt(word.replace(/^\+/, ''));
    } else {
      (out as Float64Array)[n++] = parseNumber(word, file);
    }
  }
  if (n < count) throw tooFew(count, file);
  return new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
}

/** Hexadecimal digits, white space anywhere, → bytes. */
export function parseHex(bytes: Uint8Array, length: number, file: string): Uint8Array {
  if (2 * length > bytes.byteLength) throw tooFew(length, file);
  const out = new Uint8Array(length);
  let digits = 0;
  for (let at = 0; at < bytes.byteLength && digits < 2 * length; at++) {
    const c = bytes[at]!;
    if (c <= 32) continue;
    const v = Number.parseInt(String.fromCharCode(c), 16);
    if (Number.isNaN(v)) throw noNumber(String.fromCharCode(c), file);
    out[digits >> 1] = (out[digits >> 1]! << 4) | v;
    digits++;
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
