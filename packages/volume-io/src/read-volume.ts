import type { ReadVolumeOpts, Volume, VolumeSource, WideVoxelArray } from './api.js';
import { openFolderReader } from './readers/folder.js';
import { guardRead } from './readers/guard.js';
import { openSource } from './readers/open.js';
import { withFormat } from './readers/with-format.js';

/**
 * Reads a volume: NIfTI, Analyze, MetaImage, NRRD, NPY, NPZ or DICOM, recognised by its content.
 * The voxels are new memory that the caller owns, in the order in which the file keeps them.
 * Throws VolumeIoError for anything that is wrong; the message names the file and the reason.
 */
export function readVolume(
  source: VolumeSource,
  opts: ReadVolumeOpts & { dtype: 'int64' | 'uint64' },
): Promise<Volume<WideVoxelArray>>;
export function readVolume(
  source: VolumeSource,
  opts: ReadVolumeOpts & { dtype: 'float32' },
): Promise<Volume<Float32Array>>;
export function readVolume(
  source: VolumeSource,
  opts: ReadVolumeOpts & { dtype: 'float64' },
): Promise<Volume<Float64Array>>;
export function readVolume(source: VolumeSource, opts?: ReadVolumeOpts): Promise<Volume>;
export async function readVolume(
  source: VolumeSource,
  opts: ReadVolumeOpts = {},
): Promise<Volume | Volume<WideVoxelArray>> {
  const opened = await openSource(source, opts.name);
  if (opened.kind === 'folder') {
    const reader = await openFolderReader(opened.folder);
    return guardRead(opened.folder.name, () => reader.readFolder!(opened.folder, opts));
  }
  return withFormat(opened.source, (reader, file) => reader.read(file, opts)) as Promise<Volume>;
}
