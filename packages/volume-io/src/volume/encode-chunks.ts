import { isDType, type TypedArray } from '@genesis/core';
import { deflate } from '#platform';
import type { EncodeVolumeOpts, WriteFormat } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { encodeMetaHeader } from '../formats/meta-image/encode.js';
import { encodeNiftiHeader } from '../formats/nifti/encode.js';
import { encodeNpyHeader } from '../formats/npy/encode.js';
import { encodeNrrdHeader } from '../formats/nrrd/encode.js';
import type { Volume } from '../voxels/volume.js';
import { voxelChunks, writeType } from '../voxels/voxel-chunks.js';

type AnyVolume = Volume<TypedArray>;

const LEVEL = 1;

/** A file's bytes, piece by piece. */
export async function* encodeChunks(
  volume: AnyVolume,
  format: WriteFormat,
  opts: EncodeVolumeOpts,
): AsyncGenerator<Uint8Array> {
  checkOpts(opts);
  if (opts.slope !== undefined && !format.startsWith('nifti')) {
    throw new VolumeIoError('bad-argument', `the format ${format} has no slope: write NIfTI`);
  }
  if (opts.keyValues !== undefined && format !== 'nrrd') {
    throw new VolumeIoError(
      'bad-argument',
      `the format ${format} has no key/value pairs: write NRRD`,
    );
  }
  const type = writeType(volume, opts.dtype);
  const level = opts.level ?? LEVEL;
  const description = opts.description ?? volume.header.description;
  switch (format) {
    case 'nifti1':
    case 'nifti2': {
      const version = format === 'nifti1' ? 1 : 2;
      const header = encodeNiftiHeader(volume, type, version, description, opts.slope);
      const whole = chain([header], voxelChunks(volume, type));
      yield* opts.compress ? deflate('gzip', whole, level) : whole;
      return;
    }
    case 'nrrd': {
      const compress = opts.compress ?? true;
      yield encodeNrrdHeader(volume, type, compress, description, opts.keyValues);
      const voxels = voxelChunks(volume, type);
      yield* compress ? deflate('gzip', voxels, level) : voxels;
      return;
    }
    case 'metaimage': {
      const { header, voxels } = await encodeMetaParts(volume, 'LOCAL', opts);
      yield header;
      yield* voxels;
      return;
    }
    case 'npy':
      yield encodeNpyHeader(type, volume.data.shape);
      yield* voxelChunks(volume, type);
      return;
    default:
      throw new VolumeIoError(
        'bad-argument',
        `the format ${JSON.stringify(format)} cannot be written`,
      );
  }
}

/** Header and voxels of a MetaImage apart, for .mhd. */
export async function encodeMetaParts(
  volume: AnyVolume,
  dataFile: string,
  opts: EncodeVolumeOpts,
): Promise<{ header: Uint8Array; voxels: AsyncIterable<Uint8Array> }> {
  checkOpts(opts);
  const type = writeType(volume, opts.dtype);
  const description = opts.description ?? volume.header.description;
  const voxels = voxelChunks(volume, type);
  if (!opts.compress) {
    return { header: encodeMetaHeader(volume, { type, dataFile, description }), voxels };
  }
  // The header states the compressed size, so the voxels are compressed before it can be written.
  const packed: Uint8Array[] = [];
  let compressedSize = 0;
  for await (const chunk of deflate('zlib', voxels, opts.level ?? LEVEL)) {
    packed.push(chunk);
    compressedSize += chunk.byteLength;
  }
  const header = encodeMetaHeader(volume, { type, dataFile, compressedSize, description });
  return { header, voxels: chain(packed) };
}

async function* chain(
  first: readonly Uint8Array[],
  rest?: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  if (rest) yield* rest;
}

function checkOpts(opts: EncodeVolumeOpts): void {
  if (opts.dtype !== undefined && !isDType(opts.dtype)) {
    throw new VolumeIoError('bad-argument', `dtype ${JSON.stringify(opts.dtype)} is not known`);
  }
  const { level, slope = 1 } = opts;
  if (!(slope > 0 && slope < Infinity)) {
    throw new VolumeIoError('bad-argument', `the slope ${slope} is no number above 0`);
  }
  if (level !== undefined && !(Number.isInteger(level) && level >= 0 && level <= 9)) {
    throw new VolumeIoError('bad-argument', `level ${level} is not a whole number from 0 to 9`);
  }
}
