import type { ReadHeaderOpts, VolumeHeader, VolumeSource } from './api.js';
import { openFolderReader } from './readers/folder.js';
import { guardRead } from './readers/guard.js';
import { detectFormat, openSource } from './readers/open.js';

/** What a file says about its volume, without reading voxels. Throws VolumeIoError as readVolume does. */
export async function readHeader(
  source: VolumeSource,
  opts: ReadHeaderOpts = {},
): Promise<VolumeHeader> {
  const opened = await openSource(source, opts.name);
  if (opened.kind === 'folder') {
    const reader = await openFolderReader(opened.folder);
    return guardRead(opened.folder.name, () => reader.readFolderHeader!(opened.folder, opts));
  }
  try {
    const { entry, source: file } = await detectFormat(opened.source);
    const reader = await entry.load();
    return await guardRead(file.name, () => reader.readHeader(file, opts));
  } finally {
    await opened.source.close();
  }
}
