import {
  isGenesisError,
  readZipDirectory,
  type ZipErrorCode,
  type ZipMember,
  zipMemberStart,
} from '@genesis/core';
import { VolumeIoError, type VolumeIoErrorCode } from '../errors.js';
import type { ByteSource, FolderListing, FolderSource } from './api.js';
import { crc32 } from './crc32.js';
import { InflatedSource } from './inflated-source.js';
import { MadeSource } from './made-source.js';
import { plainListing } from './names.js';
import { type Payload, unpackAll } from './payload.js';
import { safeNameParts } from './safe-name.js';
import { SliceSource } from './slice-source.js';

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
    const members = await typed(source.name, readZipDirectory(source));
    const named = members.map(
      (member) => [safeNameParts(member.name, source.name).join('/'), member] as const,
    );
    return new ZipFolder(source, new Map(named));
  }

  async list(): Promise<FolderListing> {
    return plainListing(this.members.keys());
  }

  async open(name: string): Promise<ByteSource> {
    const member = this.members.get(name);
    const label = `${this.source.name}/${name}`;
    if (!member) throw new VolumeIoError('not-found', 'is not in the archive', { file: label });
    const start = await typed(label, zipMemberStart(this.source, member));
    const packed = new SliceSource(this.source, start, member.packed, label);
    if (member.method === 0) return packed;
    if (member.method === 8) {
      return member.size > Math.max(SMALL, TIMES * member.packed)
        ? inflateTwice(packed, member)
        : new MadeSource(() => inflate(packed, member), member.size, label);
    }
    throw new VolumeIoError(
      'unsupported',
      `is compressed by zip method ${member.method}, which cannot be read`,
      { file: label },
    );
  }
}

/** Members that are held in memory when unpacked: small ones, and those that are so many times their packed size at most. */
const SMALL = 8 << 20;
const TIMES = 4;

async function inflate(packed: ByteSource, { size, crc }: ZipMember): Promise<Uint8Array> {
  const bytes = await unpackAll(payloadOf(packed), size);
  if (bytes.byteLength === size && crc32(bytes) === crc) return bytes;
  throw mismatch(packed);
}

/** For what is much larger than the archive says by its own size: once for the checksum, then as far as it is read. */
async function inflateTwice(packed: ByteSource, { size, crc }: ZipMember): Promise<ByteSource> {
  let sum = 0;
  const source = await InflatedSource.open(payloadOf(packed), size, (bytes) => {
    sum = crc32(bytes, sum);
  });
  if (source.size === size && sum === crc) return source;
  throw mismatch(packed);
}

function payloadOf(packed: ByteSource): Payload {
  return { source: packed, start: 0, length: packed.size, packing: 'raw' };
}

function mismatch({ name }: ByteSource): VolumeIoError {
  return new VolumeIoError('corrupt', 'does not match its checksum', { file: name });
}

const CODES: Readonly<Record<ZipErrorCode, VolumeIoErrorCode>> = {
  corrupt: 'corrupt',
  truncated: 'truncated',
  unsupported: 'unsupported',
  unsafe: 'outside-folder',
  'impossible-size': 'corrupt',
};

/** What is wrong with an archive, as an error of this package. */
async function typed<R>(file: string, result: Promise<R>): Promise<R> {
  try {
    return await result;
  } catch (cause) {
    if (cause instanceof VolumeIoError || !isGenesisError<ZipErrorCode>(cause)) throw cause;
    throw new VolumeIoError(CODES[cause.code], cause.message, { file, cause });
  }
}
