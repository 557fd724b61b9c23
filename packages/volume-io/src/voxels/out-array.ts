import { type DType, dtypeOf, type TypedArray } from '@genesis/core';
import type { ReadVoxelsOpts } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { contiguous } from './contiguous.js';
import { allocateVoxels } from './stored-type.js';
import { Volume } from './volume.js';

type AnyArray = TypedArray;

/** The options with the type that `out` has. Throws VolumeIoError 'bad-argument' when `dtype` is another. */
export function typedAsOut(opts: ReadVoxelsOpts): ReadVoxelsOpts {
  if (!opts.out) return opts;
  const dtype = dtypeOf(opts.out);
  if (opts.dtype !== undefined && opts.dtype !== dtype) {
    throw new VolumeIoError(
      'bad-argument',
      `out is an array of ${dtype}, but dtype asks for ${opts.dtype}`,
    );
  }
  return { ...opts, dtype };
}

/** The caller's array, or a new one. Throws VolumeIoError 'bad-argument' when it is not `count` long. */
export function takeVoxels(
  type: DType,
  count: number,
  file: string,
  out: AnyArray | undefined,
): AnyArray {
  if (!out) return allocateVoxels(type, count, file);
  if (out.length === count) return out;
  throw new VolumeIoError(
    'bad-argument',
    `has ${count} voxels, but out has room for ${out.length}`,
    { file },
  );
}

/** The volume with its voxels in `out`: readers that must rearrange them, or decode all of a file, do not fill it themselves. */
export function moveToOut(
  volume: Volume<AnyArray>,
  out: AnyArray | undefined,
  file: string,
): Volume<AnyArray> {
  const { data } = volume;
  if (!out || data.data === out) return volume;
  const target = takeVoxels(dtypeOf(out), data.size, file, out);
  return new Volume(contiguous(data, 'F', target), volume.affine, volume.header);
}
