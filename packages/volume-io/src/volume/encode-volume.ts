import type { TypedArray } from '@genesis/core';
import type { EncodeVolumeOpts, WriteFormat } from '../api.js';
import { concatBytes } from '../bytes/payload.js';
import type { Volume } from '../voxels/volume.js';
import { encodeChunks } from './encode-chunks.js';

/**
 * A file's bytes in memory, for where there are no paths. Voxels, type and geometry are kept; NPY has no geometry.
 * Throws VolumeIoError 'bad-argument' or 'range'.
 */
export async function encodeVolume(
  volume: Volume<TypedArray>,
  format: WriteFormat,
  opts: EncodeVolumeOpts = {},
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of encodeChunks(volume, format, opts)) {
    parts.push(chunk);
    total += chunk.byteLength;
  }
  return concatBytes(parts, total);
}
