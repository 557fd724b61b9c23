import { GenesisError } from '../errors.js';

/** Random access to the bytes of an archive; `read` past the end gives fewer bytes than asked. */
export interface ZipSource {
  readonly size: number;
  read(start: number, length: number): Promise<Uint8Array> | Uint8Array;
}

/** A member as the central directory describes it. */
export interface ZipMember {
  /** As it stands in the archive, which it does not leave. */
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Where the local header stands. */
  readonly offset: number;
}

export type ZipErrorCode = 'corrupt' | 'truncated' | 'unsupported' | 'unsafe' | 'impossible-size';

/** Deflate cannot shrink further than this; a larger ratio is a lie. */
export const MAX_DEFLATE_RATIO = 1032;
/** Most members that are listed: more is taken for an attack. */
const MOST_MEMBERS = 1_000_000;

const END_OF_DIRECTORY = 0x06054b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_END = 0x06064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const LARGE_32 = 0xffffffff;

/**
 * Lists the members of a zip archive (zip64 too); folders are left out.
 *
 * @throws GenesisError 'corrupt', 'truncated', 'unsupported' (encrypted), 'unsafe' for names that leave the archive, or
 *   'impossible-size' for sizes that only a bomb has. The message does not name the archive.
 */
export async function readZipDirectory(source: ZipSource): Promise<ZipMember[]> {
  const { offset, size, count } = await findDirectory(source);
  if (count > MOST_MEMBERS || offset + size > source.size) throw damaged();
  const view = await readAt(source, offset, size);
  const members = new Map<string, ZipMember>();
  let at = 0;
  let packedTotal = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw damaged();
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw damaged();
    if (view.getUint16(at + 8, true) & 1) throw zipError('unsupported', 'it is encrypted');
    const member = readMember(view, at, nameLength, extraLength);
    at = next;
    if (member.name.endsWith('/')) continue;
    checkMember(member, source, members.has(member.name));
    packedTotal += member.packed;
    members.set(member.name, member);
  }
  if (packedTotal > source.size) throw zipError('corrupt', 'its members overlap');
  return [...members.values()];
}

/**
 * Where the bytes of a member begin, after its local header.
 *
 * @throws GenesisError 'corrupt' or 'truncated'.
 */
export async function zipMemberStart(source: ZipSource, member: ZipMember): Promise<number> {
  const local = await readAt(source, member.offset, 30);
  if (local.getUint32(0, true) !== LOCAL_HEADER) throw damaged();
  const start = member.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + member.packed > source.size) {
    throw zipError('truncated', `the archive ends inside its member '${member.name}'`);
  }
  return start;
}

function zipError(code: ZipErrorCode, message: string): GenesisError<ZipErrorCode> {
  return new GenesisError(code, message);
}

function damaged(): GenesisError<ZipErrorCode> {
  return zipError('corrupt', 'it has a damaged zip directory');
}

async function readAt(source: ZipSource, at: number, length: number): Promise<DataView> {
  const bytes = at >= 0 ? await source.read(at, length) : new Uint8Array(0);
  if (bytes.byteLength < length) throw damaged();
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** Finds the end-of-directory record, which stands before a comment of at most 64 KiB. */
async function findDirectory(
  source: ZipSource,
): Promise<{ offset: number; size: number; count: number }> {
  const most = Math.min(source.size, 65557);
  const from = source.size - most;
  const tail = await readAt(source, from, most);
  for (let at = most - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_OF_DIRECTORY) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    // A zip64 archive may fill the small record with ones or with the values themselves.
    const locator = at + from >= 20 ? await readAt(source, from + at - 20, 20) : undefined;
    if (locator?.getUint32(0, true) !== ZIP64_LOCATOR) return { offset, size, count };
    const end = await readAt(source, Number(locator.getBigUint64(8, true)), 56);
    if (end.getUint32(0, true) !== ZIP64_END) throw damaged();
    return {
      count: Number(end.getBigUint64(32, true)),
      size: Number(end.getBigUint64(40, true)),
      offset: Number(end.getBigUint64(48, true)),
    };
  }
  throw zipError('truncated', 'it has no zip directory at its end');
}

function readMember(
  view: DataView,
  at: number,
  nameLength: number,
  extraLength: number,
): ZipMember {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength);
  const wide = zip64Values(view, at + 46 + nameLength, extraLength);
  const field = (position: number): number => {
    const value = view.getUint32(at + position, true);
    return value === LARGE_32 ? Number(wide.shift() ?? value) : value;
  };
  // The order in which the extra field holds those that are all ones.
  const size = field(24);
  const packed = field(20);
  const offset = field(42);
  const [method, crc] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
  return { name: new TextDecoder().decode(bytes), method, crc, packed, size, offset };
}

function zip64Values(view: DataView, from: number, length: number): bigint[] {
  for (let at = from; at + 4 <= from + length; ) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > from + length) break;
    if (view.getUint16(at, true) === 1) {
      return Array.from({ length: size >> 3 }, (_, n) => view.getBigUint64(at + 4 + 8 * n, true));
    }
    at += 4 + size;
  }
  return [];
}

function checkMember(member: ZipMember, source: ZipSource, isTwice: boolean): void {
  const { name, packed, size, offset } = member;
  const parts = name.split(/[\\/]/);
  if (parts.includes('..') || /^([\\/]|[A-Za-z]:)/.test(name) || name.includes('\0')) {
    throw zipError('unsafe', `it has a member that leaves it: '${name}'`);
  }
  if (isTwice) throw zipError('corrupt', `its member '${name}' appears twice`);
  if (size > packed * MAX_DEFLATE_RATIO) {
    throw zipError('impossible-size', `its member '${name}' claims an impossible size`);
  }
  if (packed > source.size || offset > source.size) throw damaged();
}
