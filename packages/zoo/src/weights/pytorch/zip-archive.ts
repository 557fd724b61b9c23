import {
  isGenesisError,
  readZipDirectory,
  type ZipErrorCode,
  type ZipMember,
  zipMemberStart,
} from '@genesis/core';
import { inflateSync } from 'fflate';
import { WeightFormatError } from '../../errors.js';

/** What the members may come to together, as a multiple of their packed size: weights do not compress, PyTorch stores them. */
const MAX_TOTAL_RATIO = 20;

/** The members of a zip archive by name; nothing is decoded until it is asked for. */
export interface ZipArchive {
  readonly names: readonly string[];
  /** The bytes of a member: a view into the archive when it is stored, else a new buffer. */
  read(name: string): Promise<Uint8Array>;
}

/**
 * Opens a zip archive (stored and deflated members, zip64).
 *
 * @param bytes - The whole file; stored members are views into it.
 * @throws WeightFormatError for broken archives, names that leave the archive (`unsafe`), and sizes
 *   that only a bomb has (`unsafe`).
 */
export async function openZip(bytes: Uint8Array): Promise<ZipArchive> {
  const source = {
    size: bytes.length,
    read: (start: number, length: number) => bytes.subarray(start, start + length),
  };
  const list = await typed(readZipDirectory(source));
  const packed = list.reduce((sum, member) => sum + member.packed, 0);
  const total = list.reduce((sum, member) => sum + member.size, 0);
  if (total > packed * MAX_TOTAL_RATIO + (1 << 20)) {
    throw new WeightFormatError('unsafe', 'the zip archive would unpack to many times its size');
  }
  const members = new Map(list.map((member) => [member.name, member]));
  const read = async (name: string): Promise<Uint8Array> => {
    const member = members.get(name);
    if (!member) throw corrupt(`the member '${name}' is missing`);
    const start = await typed(zipMemberStart(source, member));
    return unpack(member, bytes.subarray(start, start + member.packed));
  };
  return { names: [...members.keys()], read };
}

function unpack({ name, method, packed, size }: ZipMember, content: Uint8Array): Uint8Array {
  if (method === 0) {
    if (size !== packed) throw corrupt(`'${name}' has two sizes`);
    return content;
  }
  if (method !== 8) {
    throw new WeightFormatError('unsupported', `'${name}' uses zip method ${method}`);
  }
  // One byte of room more than promised shows a member that inflates to more than it claims.
  const out = new Uint8Array(size + 1);
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(content, { out });
  } catch (cause) {
    throw new WeightFormatError('corrupt', `the zip member '${name}' cannot be inflated`, {
      cause,
    });
  }
  if (inflated.length !== size) throw corrupt(`'${name}' has another size than it claims`);
  return inflated;
}

/** What the archive's directory did wrong, as an error of this package. */
async function typed<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    if (!isGenesisError<ZipErrorCode>(cause)) throw cause;
    const code = cause.code === 'impossible-size' ? 'unsafe' : cause.code;
    throw new WeightFormatError(code, `the zip archive cannot be read: ${cause.message}`, {
      cause,
    });
  }
}

function corrupt(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `the zip archive is broken: ${message}`);
}
