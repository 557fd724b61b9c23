import { MAX_DEFLATE_RATIO } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import { MAX_BZIP2_RATIO, type Packing } from './packing.js';
import { type Payload, PIECE } from './payload.js';

/** Bytes that one byte of the file can stand for. */
function ratio(packing: Packing | undefined): number {
  if (packing === 'bzip2') return MAX_BZIP2_RATIO;
  return packing ? MAX_DEFLATE_RATIO : 1;
}

/**
 * How many decompressed bytes may be reserved at once for a payload that is said to hold `promised`: all of them when
 * the file backs the promise, otherwise a start that grows with what really arrives. Throws VolumeIoError 'truncated'
 * when the promise is impossible.
 */
export async function trustedBytes(payload: Payload, promised: number): Promise<number> {
  const { source, packing } = payload;
  const length = Math.min(payload.length, source.size - payload.start);
  const most = length * ratio(packing);
  if (promised > most) {
    throw new VolumeIoError(
      'truncated',
      `the header promises ${promised} bytes of voxels, but the file holds ${packing ? 'at most ' : ''}${most}`,
      { file: source.name },
    );
  }
  if (!packing) return promised;
  if (packing === 'gzip' && length >= 18) {
    // The last four bytes of gzip are the decompressed size modulo 2^32.
    const tail = await source.read(payload.start + length - 4, 4);
    const said = (tail[0] | (tail[1] << 8) | (tail[2] << 16) | (tail[3] << 24)) >>> 0;
    if (said === promised % 2 ** 32 || (said >= promised && said <= 64 * length)) return promised;
  }
  return Math.min(promised, Math.max(4 * length, PIECE));
}
