import type { ReadVolumeOpts, VolumeSource, WideVoxelArray, WriteVolumeOpts } from '../api.js';
import type { Volume } from '../voxels/volume.js';
import { withVolume } from './with-volume.js';
import { writeVolume } from './write-volume.js';

/** What is read and how it is written. `dtype` is that of the voxels read, and so of those written. */
export interface ConvertVolumeOpts extends ReadVolumeOpts, Omit<WriteVolumeOpts, 'dtype'> {}

/**
 * Reads any volume and writes it as the target's extension says, voxels, type and geometry kept (64-bit integers
 * exactly). Gives the volume that was written. Throws VolumeIoError as readVolume and writeVolume do.
 */
export async function convertVolume(
  source: VolumeSource,
  target: string | URL,
  opts: ConvertVolumeOpts = {},
): Promise<Volume | Volume<WideVoxelArray>> {
  const { dtype, ...others } = opts;
  const volume = await withVolume(source, opts, (handle) => {
    const { dtype: stored, slope, inter } = handle.header;
    const isWide = (stored === 'int64' || stored === 'uint64') && slope === 1 && inter === 0;
    const isOpen = dtype === undefined || dtype === 'native';
    return handle.read({ ...others, dtype: isOpen && isWide ? stored : dtype });
  });
  await writeVolume(target, volume, others);
  return volume;
}
