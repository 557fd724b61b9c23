import type { ReadVolumeOpts, VolumeSource } from '../api.js';
import { typedAsOut } from '../voxels/out-array.js';
import { openVolume } from './open-volume.js';
import type { VolumeHandle } from './volume-handle.js';

/** Opens a volume for `work`, and closes it whatever comes of it. What the options contradict is refused before anything is opened. */
export async function withVolume<R>(
  source: VolumeSource,
  opts: ReadVolumeOpts,
  work: (handle: VolumeHandle) => Promise<R>,
): Promise<R> {
  typedAsOut(opts);
  const handle = await openVolume(source, opts);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
