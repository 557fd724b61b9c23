import { type Volume, VolumeIoError, writeVolume } from '@genesis/volume-io';
import { writeFailure } from '../run/atomic-write.js';

/** Writes a volume; failures of the system become one sentence. */
export async function writeOutput(path: string, volume: Volume): Promise<void> {
  try {
    await writeVolume(path, volume);
  } catch (cause) {
    if (cause instanceof VolumeIoError) throw cause;
    throw writeFailure(path, cause);
  }
}
