import type { OpenVolumeOpts } from '../api.js';
import type { ByteSource } from '../bytes/api.js';
import type { OpenedVolume } from '../formats/common/api.js';
import type { Detected } from './detect-format.js';
import { guardRead } from './guard-read.js';

/**
 * Reads the header of a file of a known format. The volume reads from the file, and lets go of it when it is released.
 * After a failure the file is still the caller's to close.
 */
export async function openFile(
  file: ByteSource,
  { entry, source }: Detected,
  opts: OpenVolumeOpts,
): Promise<OpenedVolume> {
  const reader = await entry.load();
  try {
    const volume = await guardRead(source.name, () => reader.open(source, opts));
    return {
      header: volume.header,
      read: (voxels, region) => volume.read(voxels, region),
      slabs: (voxels) => volume.slabs(voxels),
      async release() {
        await volume.release();
        // The decompressed view of the file, where there is one.
        if (source !== file) await source.close();
        await file.close();
      },
    };
  } catch (error) {
    if (source !== file) await source.close();
    throw error;
  }
}
