import type { ArrayOf, DType, TypedArray } from '@genesis/core';
import type { ReadVolumeOpts, VolumeSource } from '../api.js';
import type { Volume } from '../voxels/volume.js';
import { withVolume } from './with-volume.js';

/**
 * Reads a volume: openVolume, read and close.
 * The voxels are new memory that the caller owns, or `out`, in the order in which the file keeps them.
 * Throws VolumeIoError for anything that is wrong; the message names the file and the reason.
 */
export function readVolume<T extends TypedArray>(
  source: VolumeSource,
  opts: ReadVolumeOpts & { out: T },
): Promise<Volume<T>>;
export function readVolume<D extends DType>(
  source: VolumeSource,
  opts: ReadVolumeOpts & { dtype: D },
): Promise<Volume<ArrayOf<D>>>;
export function readVolume(source: VolumeSource, opts?: ReadVolumeOpts): Promise<Volume>;
export function readVolume(
  source: VolumeSource,
  opts: ReadVolumeOpts = {},
): Promise<Volume<TypedArray>> {
  return withVolume(source, opts, (handle) => handle.read(opts));
}
