import type { OpenVolumeOpts, VolumeHeader, VolumeSource } from '../api.js';
import { openVolume } from './open-volume.js';

/** What a file says about its volume, without reading voxels: openVolume and close. Throws VolumeIoError as it does. */
export async function readHeader(
  source: VolumeSource,
  opts: OpenVolumeOpts = {},
): Promise<VolumeHeader> {
  const handle = await openVolume(source, opts);
  await handle.close();
  return handle.header;
}
