import type { ReadHeaderOpts, VolumeHeader, VolumeSource } from '../api.js';
import { openFolderReader } from './folder-reader.js';
import { guardRead } from './guard-read.js';
import { openSource } from './open-source.js';
import { withFormat } from './with-format.js';

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
  return withFormat(opened.source, (reader, file) => reader.readHeader(file, opts));
}
