import type { BigIntArray, TypedArray } from '@genesis/core';
import type { ReadVolumeOpts, Volume, VolumeSource } from '../api.js';
import { moveToOut, typedAsOut } from '../voxels/out-array.js';
import { openFolderReader } from './folder-reader.js';
import { guardRead } from './guard-read.js';
import { openSource } from './open-source.js';
import { withFormat } from './with-format.js';

/**
 * Reads a volume: NIfTI, Analyze, MetaImage, NRRD, NPY, NPZ or DICOM, recognised by its content.
 * The voxels are new memory that the caller owns, or `out`, in the order in which the file keeps them.
 * Throws VolumeIoError for anything that is wrong; the message names the file and the reason.
 */
export function readVolume<T extends TypedArray>(
  source: VolumeSource,
  opts: ReadVolumeOpts & { out: T },
): Promise<Volume<T>>;
export function readVolume(
  source: VolumeSource,
  opts: ReadVolumeOpts & { dtype: 'int64' | 'uint64' },
): Promise<Volume<BigIntArray>>;
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
): Promise<Volume<TypedArray>> {
  const typed = typedAsOut(opts);
  const opened = await openSource(source, opts.name);
  if (opened.kind === 'folder') {
    const { folder } = opened;
    const reader = await openFolderReader(folder);
    return guardRead(folder.name, async () =>
      moveToOut(await reader.readFolder!(folder, typed), opts.out, folder.name),
    );
  }
  return withFormat(opened.source, async (reader, file) =>
    moveToOut(await reader.read(file, typed), opts.out, file.name),
  );
}
