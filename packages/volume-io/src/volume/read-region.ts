import type { ArrayOf, DType, TypedArray } from '@genesis/core';
import type { ReadVolumeOpts, Region, VolumeSource } from '../api.js';
import type { Volume } from '../voxels/volume.js';
import { withVolume } from './with-volume.js';

/**
 * Reads a box of voxels: openVolume, region and close. Of an uncompressed file only the rows that the box needs are read, of
 * DICOM only its slices; a compressed file is decompressed up to the end of the box. The affine is that of the box.
 * Throws VolumeIoError as readVolume does, and 'bad-argument' when the box is not inside the volume.
 */
export function readRegion<T extends TypedArray>(
  source: VolumeSource,
  region: Region,
  opts: ReadVolumeOpts & { out: T },
): Promise<Volume<T>>;
export function readRegion<D extends DType>(
  source: VolumeSource,
  region: Region,
  opts: ReadVolumeOpts & { dtype: D },
): Promise<Volume<ArrayOf<D>>>;
export function readRegion(
  source: VolumeSource,
  region: Region,
  opts?: ReadVolumeOpts,
): Promise<Volume>;
export function readRegion(
  source: VolumeSource,
  region: Region,
  opts: ReadVolumeOpts = {},
): Promise<Volume<TypedArray>> {
  return withVolume(source, opts, (handle) => handle.region(region, opts));
}
