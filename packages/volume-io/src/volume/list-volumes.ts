import type { VolumeSource } from '../api.js';
import type { ByteSource, FolderSource } from '../bytes/api.js';
import type { BrokenEntry, ListVolumesOpts, VolumeEntry } from './api.js';
import { listFolder } from './list-folder.js';
import { openSource } from './open-source.js';

/**
 * Finds the volumes in a folder and all folders below: one entry a file, or a DICOM series, each with its header. Sorted by
 * path, then by series. Voxels are not read; an entry's `open` gives a handle that reads them without going through headers
 * again. A single file gives its own entry.
 * Throws VolumeIoError 'not-found' or 'not-readable'; files that cannot be read are left out (see `broken`).
 */
export function listVolumes(
  source: VolumeSource,
  opts?: ListVolumesOpts & { broken?: false },
): Promise<VolumeEntry[]>;
export function listVolumes(
  source: VolumeSource,
  opts: ListVolumesOpts,
): Promise<(VolumeEntry | BrokenEntry)[]>;
export async function listVolumes(
  source: VolumeSource,
  opts: ListVolumesOpts = {},
): Promise<(VolumeEntry | BrokenEntry)[]> {
  const opened = await openSource(source);
  return opened.kind === 'folder'
    ? listFolder(opened.folder, opts)
    : listFolder(folderOfOne(opened.source), opts, true);
}

/** One file seen as a folder. */
function folderOfOne(file: ByteSource): FolderSource {
  return {
    name: file.name,
    list: async () => ({ names: [file.name], missing: [], notes: [] }),
    open: async () => file,
  };
}
