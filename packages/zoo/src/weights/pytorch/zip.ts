import { inflateSync } from 'fflate';
import { WeightFormatError } from '../../errors.js';

/** Deflate cannot shrink further than this; a larger ratio is a lie. */
const MAX_DEFLATE_RATIO = 1032;
/** What compressed members may come to together: weights do not compress, PyTorch stores them. */
const MAX_TOTAL_RATIO = 20;
const MAX_MEMBERS = 1_000_000;

interface Member {
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
}

/** The members of a zip archive by name; nothing is decoded until it is asked for. */
export interface ZipArchive {
  readonly names: readonly string[];
  /** The bytes of a member: a view into the archive when it is stored, else a new buffer. */
  read(name: string): Uint8Array;
}

function corrupt(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `the zip archive is broken: ${message}`);
}

function findDirectory(view: DataView): { offset: number; count: number } {
  const earliest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= earliest; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    const locator = at - 20;
    if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
      const record = Number(view.getBigUint64(locator + 8, true));
      if (record + 56 > view.byteLength || view.getUint32(record, true) !== 0x06064b50) {
        throw corrupt('its zip64 record is missing');
      }
      return {
        count: Number(view.getBigUint64(record + 32, true)),
        offset: Number(view.getBigUint64(record + 48, true)),
      };
    }
    return { offset, count };
  }
  throw new WeightFormatError(
    'truncated',
    'the zip archive has no directory: the file is cut short',
  );
}

/** Zip64 sizes stand in an extra field, in this order, only where the 32-bit field is all ones. */
function zip64Values(view: DataView, start: number, length: number): bigint[] {
  const end = start + length;
  for (let at = start; at + 4 <= end; ) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > end) break;
    if (view.getUint16(at, true) === 1) {
      const values: bigint[] = [];
      for (let i = at + 4; i + 8 <= at + 4 + size; i += 8) values.push(view.getBigUint64(i, true));
      return values;
    }
    at += 4 + size;
  }
  return [];
}

function refuseUnsafeName(name: string): void {
  const parts = name.split(/[\\/]/);
  if (parts.includes('..') || /^([\\/]|[A-Za-z]:)/.test(name) || name.includes('\0')) {
    throw new WeightFormatError('unsafe', `the zip archive has a member that leaves it: '${name}'`);
  }
}

function readDirectory(view: DataView, bytes: Uint8Array): Map<string, Member> {
  const members = new Map<string, Member>();
  const { offset, count } = findDirectory(view);
  if (count > MAX_MEMBERS) throw corrupt(`it claims ${count} members`);
  let at = offset;
  let packedTotal = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw corrupt('its directory ends early');
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw corrupt('its directory ends early');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    refuseUnsafeName(name);
    if (view.getUint16(at + 8, true) & 1) {
      throw new WeightFormatError('unsupported', `the zip member '${name}' is encrypted`);
    }
    const wide = zip64Values(view, at + 46 + nameLength, extraLength);
    const field = (position: number): number => {
      const value = view.getUint32(at + position, true);
      return value === 0xffffffff && wide.length > 0 ? Number(wide.shift()) : value;
    };
    const size = field(24);
    const compressedSize = field(20);
    const member = {
      method: view.getUint16(at + 10, true),
      size,
      compressedSize,
      headerOffset: field(42),
    };
    if (members.has(name)) throw corrupt(`the member '${name}' appears twice`);
    members.set(name, member);
    packedTotal += compressedSize;
    total += size;
    if (size > compressedSize * MAX_DEFLATE_RATIO) {
      throw new WeightFormatError('unsafe', `the zip member '${name}' claims an impossible size`);
    }
    at = next;
  }
  if (packedTotal > bytes.length) throw corrupt('its members overlap');
  if (total > packedTotal * MAX_TOTAL_RATIO + (1 << 20)) {
    throw new WeightFormatError('unsafe', 'the zip archive would unpack to many times its size');
  }
  return members;
}

/**
 * Opens a zip archive (stored and deflated members, zip64).
 *
 * @param bytes - The whole file; stored members are views into it.
 * @throws WeightFormatError for broken archives, names that leave the archive (`unsafe`), and sizes
 *   that only a bomb has (`unsafe`).
 */
export function openZip(bytes: Uint8Array): ZipArchive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 22) throw new WeightFormatError('truncated', 'the zip archive is cut short');
  const members = readDirectory(view, bytes);
  const read = (name: string): Uint8Array => {
    const member = members.get(name);
    if (!member) throw corrupt(`the member '${name}' is missing`);
    const header = member.headerOffset;
    if (header + 30 > bytes.length || view.getUint32(header, true) !== 0x04034b50) {
      throw corrupt(`the header of '${name}' is missing`);
    }
    const start =
      header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const end = start + member.compressedSize;
    if (end > bytes.length) {
      throw new WeightFormatError('truncated', `the file ends inside the zip member '${name}'`);
    }
    const packed = bytes.subarray(start, end);
    if (member.method === 0) {
      if (member.size !== member.compressedSize) throw corrupt(`'${name}' has two sizes`);
      return packed;
    }
    if (member.method !== 8) {
      throw new WeightFormatError('unsupported', `'${name}' uses zip method ${member.method}`);
    }
    // One byte of room more than promised shows a member that inflates to more than it claims.
    const out = new Uint8Array(member.size + 1);
    try {
      const inflated = inflateSync(packed, { out });
      if (inflated.length !== member.size)
        throw corrupt(`'${name}' has another size than it claims`);
      return inflated;
    } catch (error) {
      if (error instanceof WeightFormatError) throw error;
      throw new WeightFormatError('corrupt', `the zip member '${name}' cannot be inflated`, {
        cause: error,
      });
    }
  };
  return { names: [...members.keys()], read };
}
