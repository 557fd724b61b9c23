import { writeFailure } from '@genesis/core/node';
import { type Volume, VolumeIoError, type WriteVolumeOpts, writeVolume } from '@genesis/volume-io';

/** Writes a volume; failures of the system become one sentence. */
export async function writeOutput(
  path: string,
  volume: Volume,
  opts?: WriteVolumeOpts,
): Promise<void> {
  try {
    await writeVolume(path, volume, opts);
  } catch (cause) {
    if (cause instanceof VolumeIoError) throw cause;
    throw writeFailure(path, cause);
  }
}
