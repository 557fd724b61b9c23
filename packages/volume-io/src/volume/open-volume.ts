import type { OpenVolumeOpts, VolumeSource } from '../api.js';
import { detectFormat } from './detect-format.js';
import { guardRead } from './guard-read.js';
import { openFile } from './open-file.js';
import { openSource } from './open-source.js';
import { loadDicomFolders } from './registry.js';
import { SharedVolume } from './shared-volume.js';
import { VolumeHandle } from './volume-handle.js';

/**
 * Opens a volume: NIfTI, Analyze, MetaImage, NRRD, NPY, NPZ or DICOM, recognised by its content. Its header is read; voxels
 * are when the handle is asked for them, from files that stay open until it is closed.
 *
 * @throws VolumeIoError for anything that is wrong; the message names the file and the reason. Nothing is left open then.
 */
export async function openVolume(
  source: VolumeSource,
  opts: OpenVolumeOpts = {},
): Promise<VolumeHandle> {
  const opened = await openSource(source, opts.name);
  if (opened.kind === 'folder') {
    const { folder } = opened;
    const reader = await loadDicomFolders();
    const volume = await guardRead(folder.name, () => reader.open(folder, opts));
    return new VolumeHandle(new SharedVolume(folder.name, volume));
  }
  const file = opened.source;
  try {
    const detected = await detectFormat(file);
    const volume = await openFile(file, detected, opts);
    return new VolumeHandle(new SharedVolume(detected.source.name, volume));
  } catch (error) {
    await file.close();
    throw error;
  }
}
