import type { BigIntArray } from '@genesis/core';
import type { ReadVolumeOpts, Volume, VolumeSource, WriteVolumeOpts } from '../api.js';
import { readHeader } from './read-header.js';
import { readVolume } from './read-volume.js';
import { writeVolume } from './write-volume.js';

export interface ConvertVolumeOpts extends ReadVolumeOpts, Omit<WriteVolumeOpts, 'dtype'> {}

/**
 * Reads any volume and writes it as the target's extension says, voxels, type and geometry kept (64-bit integers
 * exactly). Gives the volume that was written. Throws VolumeIoError as readVolume and writeVolume do.
 */
export async function convertVolume(
  source: VolumeSource,
  target: string | URL,
  opts: ConvertVolumeOpts = {},
): Promise<Volume | Volume<BigIntArray>> {
  let { dtype } = opts;
  if (dtype === undefined || dtype === 'native') {
    const { dtype: stored, slope, inter } = await readHeader(source, opts);
    if ((stored === 'int64' || stored === 'uint64') && slope === 1 && inter === 0) dtype = stored;
  }
  const { dtype: _, ...read } = opts;
  const volume = await readVolume(source, { ...read, ...(dtype && { dtype }) });
  const { dtype: __, ...write } = opts;
  await writeVolume(target, volume, write);
  return volume;
}
