import { HubError } from '../../errors.js';

/** A file of an archive. */
export interface TarEntry {
  /** As it stands in the archive. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** A view of the archive. */
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/**
 * The entries of a tar archive: ustar with the extensions of POSIX (pax) and GNU for long names. Links, devices and what else there is are
 * 'other'.
 *
 * @param origin - Its file or address, for messages.
 * @throws HubError 'bad-package' when it is none or is cut off.
 * @see POSIX.1-2017, pax
 */
export function* readTar(archive: Uint8Array, origin: string): Generator<TarEntry> {
  let longPath: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, origin);
    const size = numberOf(header.subarray(124, 136), origin);
    const start = at + BLOCK;
    if (start + size > archive.length) throw broken(origin, 'it is cut off');
    const bytes = archive.subarray(start, start + size);
    const type = String.fromCharCode(header[156]);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') longPath = paxPath(bytes, origin) ?? longPath;
    else if (type === 'L') longPath = textOf(bytes);
    else if (type !== 'g') {
      yield { path: longPath ?? pathOf(header), kind: kindOf(type), bytes };
      longPath = undefined;
    }
  }
}

function kindOf(type: string): TarEntry['kind'] {
  if (type === '0' || type === '\0') return 'file';
  return type === '5' ? 'folder' : 'other';
}

function pathOf(header: Uint8Array): string {
  const prefix =
    textOf(header.subarray(257, 262)) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
  const name = textOf(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The bytes up to the first zero. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

function numberOf(field: Uint8Array, origin: string): number {
  const text = textOf(field).trim();
  if (!/^[0-7]+$/.test(text)) throw broken(origin, 'a size is no number');
  return Number.parseInt(text, 8);
}

function checkSum(header: Uint8Array, origin: string): void {
  const wanted = numberOf(header.subarray(148, 156), origin);
  let sum = 0;
  for (let n = 0; n < BLOCK; n++) sum += n >= 148 && n < 156 ? 0x20 : header[n];
  if (sum !== wanted) throw broken(origin, 'a checksum is wrong');
}

/** The path among the records 'LENGTH KEY=VALUE\n' of a pax header. */
function paxPath(bytes: Uint8Array, origin: string): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(Buffer.from(bytes.subarray(at, Math.max(at, space))).toString('latin1'));
    if (!(length > space - at && at + length <= bytes.length))
      throw broken(origin, 'a record is none');
    const record = Buffer.from(bytes.subarray(space + 1, at + length - 1)).toString('utf8');
    if (record.startsWith('path=')) path = record.slice('path='.length);
    if (record.startsWith('size=')) throw broken(origin, 'a file is larger than 8 GB');
    at += length;
  }
  return path;
}

function broken(origin: string, why: string): HubError {
  return new HubError('bad-package', `${origin} is no archive of a package: ${why}`, {
    file: origin,
  });
}
