import type { TypedArray } from '@genesis/core';
import type { ReadVolumeOpts, Region, Volume, VolumeSource } from '../api.js';
import { shiftAffine } from '../geometry/affine.js';
import { checkRegion } from '../voxels/check-region.js';
import { createVolume } from '../voxels/create-volume.js';
import { moveToOut, typedAsOut } from '../voxels/out-array.js';
import { openFolderReader } from './folder-reader.js';
import { guardRead } from './guard-read.js';
import { openSource } from './open-source.js';
import { withFormat } from './with-format.js';

/**
 * Reads a box of voxels. Of an uncompressed file only the rows that the box needs are read, of DICOM only its slices; a
 * compressed file is decompressed up to the end of the box. The affine is that of the box.
 * Throws VolumeIoError as readVolume does, and 'bad-argument' when the box is not inside the volume.
 */
export async function readRegion(
  source: VolumeSource,
  region: Region,
  opts: ReadVolumeOpts = {},
): Promise<Volume> {
  const typed = typedAsOut(opts);
  // It has room for the region, not for what must be read whole to be cut.
  const { out, ...whole } = typed;
  const opened = await openSource(source, opts.name);
  if (opened.kind === 'folder') {
    const reader = await openFolderReader(opened.folder);
    const { folder } = opened;
    return guardRead(folder.name, async () => {
      const part = reader.readFolderRegion
        ? await reader.readFolderRegion(folder, region, typed)
        : cut(await reader.readFolder!(folder, whole), region, folder.name);
      return moveToOut(part, out, folder.name) as Volume;
    });
  }
  return withFormat(opened.source, async (reader, file) => {
    const part = reader.readRegion
      ? await reader.readRegion(file, region, typed)
      : cut(await reader.read(file, whole), region, file.name);
    return moveToOut(part, out, file.name) as Volume;
  });
}

function cut<T extends TypedArray>(volume: Volume<T>, region: Region, file: string): Volume<T> {
  const shape = volume.header.shape;
  checkRegion(region, shape, file);
  const data = volume.data.lo(...region.start).hi(...region.size);
  const affine = shiftAffine(volume.affine, region.start);
  return createVolume(data, { header: volume.header, affine });
}
