import type { ByteSource } from '../../bytes/api.js';
import { BytesSource } from '../../bytes/bytes-source.js';
import { locateIn, openParts } from '../../bytes/file-list.js';
import { concatBytes, type Payload } from '../../bytes/payload.js';
import { payloadRange } from '../../bytes/payload-range.js';
import { VolumeIoError } from '../../errors.js';

/** Where a file keeps its voxels. */
interface Located {
  payload: Payload;
  /** Bytes before the voxels, once decompressed. */
  offset: number;
}

/**
 * Finds voxels that lie outside their header's file: in one file, in several that are read as one, or in several that
 * have to be read `apart` because each has a head to skip or is compressed by itself. `locate` finds the voxels of one
 * file, of which it is told how many bytes they have.
 * Throws VolumeIoError 'truncated', 'corrupt', 'companion-missing' or 'outside-folder'.
 */
export async function locateDetached<L extends Located>(
  header: ByteSource,
  names: readonly string[],
  apart: boolean,
  promised: number,
  locate: (part: ByteSource, bytes: number) => Promise<L>,
): Promise<L> {
  if (apart && names.length > 1) return joinParts(header, names, promised, locate);
  const data = await openParts(header, names);
  return locateIn(header, data, () => locate(data, promised));
}

/** The voxels of several files as one stretch of memory. */
async function joinParts<L extends Located>(
  header: ByteSource,
  names: readonly string[],
  promised: number,
  locate: (part: ByteSource, bytes: number) => Promise<L>,
): Promise<L> {
  const size = promised / names.length;
  if (!Number.isInteger(size)) {
    throw new VolumeIoError(
      'corrupt',
      `has voxels that ${names.length} files cannot share evenly`,
      {
        file: header.name,
      },
    );
  }
  const pieces: Uint8Array[] = [];
  let last: L | undefined;
  for (const name of names) {
    const part = await openParts(header, [name]);
    try {
      last = await locate(part, size);
      const { payload, offset } = last;
      // Whatever else the file holds is not kept.
      for await (const piece of payloadRange(payload, offset, size)) pieces.push(piece.slice());
    } finally {
      await part.close();
    }
  }
  const source = new BytesSource(concatBytes(pieces, promised), header.name);
  return { ...last!, payload: { source, start: 0, length: promised }, offset: 0 };
}
