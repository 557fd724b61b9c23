import type { ByteSource, FolderSource } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { BytesSource } from './bytes-source.js';
import { crc32 } from './crc32.js';
import { MAX_DEFLATE_RATIO } from './packing.js';
import { type Payload, unpackAll } from './payload.js';
import { safeNameParts } from './safe-name.js';
import { SliceSource } from './slice-source.js';

interface ZipMember {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  /** Of the local header. */
  offset: number;
}

/** Most members that are listed: more is taken for an attack. */
const MOST_MEMBERS = 1_000_000;

/** A zip archive (with zip64) seen as a folder. Members that are stored are read in place, deflated ones in memory. */
export class ZipFolder implements FolderSource {
  private constructor(
    private readonly source: ByteSource,
    private readonly members: ReadonlyMap<string, ZipMember>,
  ) {}

  get name(): string {
    return this.source.name;
  }

  /** Reads the central directory. Throws VolumeIoError 'corrupt', 'truncated', 'unsupported' or 'outside-folder'. */
  static async open(source: ByteSource): Promise<ZipFolder> {
    const members = await readDirectory(source);
    return new ZipFolder(source, new Map(members.map((member) => [member.name, member])));
  }

  async list(): Promise<string[]> {
    return [...this.members.keys()].sort();
  }

  async open(name: string): Promise<ByteSource> {
    const member = this.members.get(name);
    const label = `${this.source.name}/${name}`;
    if (!member) throw new VolumeIoError('not-found', 'is not in the archive', { file: label });
    const local = await readAt(this.source, member.offset, 30);
    if (local.getUint32(0, true) !== 0x04034b50) throw damaged(this.source);
    const start = member.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    if (start + member.packed > this.source.size) {
      throw new VolumeIoError('truncated', 'ends before its content does', { file: label });
    }
    if (member.method === 0) return new SliceSource(this.source, start, member.packed, label);
    if (member.method !== 8) {
      throw new VolumeIoError(
        'unsupported',
        `is compressed by zip method ${member.method}, which cannot be read`,
        {
          file: label,
        },
      );
    }
    if (member.size > member.packed * MAX_DEFLATE_RATIO) {
      throw new VolumeIoError('corrupt', `cannot hold the ${member.size} bytes that it promises`, {
        file: label,
      });
    }
    const payload: Payload = {
      source: new SliceSource(this.source, start, member.packed, label),
      start: 0,
      length: member.packed,
      packing: 'raw',
    };
    const bytes = await unpackAll(payload, member.size);
    if (bytes.byteLength !== member.size || crc32(bytes) !== member.crc) {
      throw new VolumeIoError('corrupt', 'does not match its checksum', { file: label });
    }
    return new BytesSource(bytes, label);
  }
}

function damaged(source: ByteSource): VolumeIoError {
  return new VolumeIoError('corrupt', 'has a damaged zip directory', { file: source.name });
}

async function readAt(source: ByteSource, at: number, length: number): Promise<DataView> {
  const bytes = at >= 0 ? await source.read(at, length) : new Uint8Array(0);
  if (bytes.byteLength < length) throw damaged(source);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** Finds the end-of-directory record, which stands before a comment of at most 64 KiB. */
async function findDirectory(
  source: ByteSource,
): Promise<{ offset: number; size: number; count: number }> {
  const most = Math.min(source.size, 65557);
  const from = source.size - most;
  const tail = await readAt(source, from, most);
  for (let at = most - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    if (offset !== 0xffffffff && count !== 0xffff && size !== 0xffffffff) {
      return { offset, size, count };
    }
    const locator = await readAt(source, from + at - 20, 20);
    if (locator.getUint32(0, true) !== 0x07064b50) return { offset, size, count };
    const end = await readAt(source, Number(locator.getBigUint64(8, true)), 56);
    if (end.getUint32(0, true) !== 0x06064b50) throw damaged(source);
    return {
      count: Number(end.getBigUint64(32, true)),
      size: Number(end.getBigUint64(40, true)),
      offset: Number(end.getBigUint64(48, true)),
    };
  }
  throw new VolumeIoError('truncated', 'has no zip directory at its end', { file: source.name });
}

async function readDirectory(source: ByteSource): Promise<ZipMember[]> {
  const { offset, size, count } = await findDirectory(source);
  if (count > MOST_MEMBERS || offset + size > source.size) throw damaged(source);
  const view = await readAt(source, offset, size);
  const members: ZipMember[] = [];
  let at = 0;
  while (members.length < count) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) throw damaged(source);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw damaged(source);
    if (view.getUint16(at + 8, true) & 1) {
      throw new VolumeIoError('unsupported', 'is an encrypted archive', { file: source.name });
    }
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength);
    const name = new TextDecoder().decode(bytes);
    const member: ZipMember = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    widen(member, view, at + 46 + nameLength, extraLength);
    at = next;
    if (name.endsWith('/')) {
      members.push(member);
      continue;
    }
    member.name = safeNameParts(name, source.name).join('/');
    members.push(member);
  }
  return members.filter((member) => !member.name.endsWith('/'));
}

/** Replaces fields of all ones by the 64-bit ones of the zip64 extra field. */
function widen(member: ZipMember, view: DataView, from: number, length: number): void {
  let at = from;
  while (at + 4 <= from + length) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      let field = at + 4;
      for (const key of ['size', 'packed', 'offset'] as const) {
        if (member[key] !== 0xffffffff || field + 8 > at + 4 + size) continue;
        member[key] = Number(view.getBigUint64(field, true));
        field += 8;
      }
      return;
    }
    at += 4 + size;
  }
}
