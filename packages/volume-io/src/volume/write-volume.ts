import type { TypedArray } from '@genesis/core';
import { writeFiles } from '#platform';
import type { WriteFormat, WriteVolumeOpts } from '../api.js';
import { baseName } from '../bytes/names.js';
import { VolumeIoError } from '../errors.js';
import { fitsNifti1 } from '../formats/nifti/encode.js';
import type { Volume } from '../voxels/volume.js';
import { encodeChunks, encodeMetaParts } from './encode-chunks.js';

/**
 * Writes a volume; the extension says how: .nii, .nii.gz, .mha, .mhd (with .raw or .zraw beside it), .nrrd, .npy.
 * The file appears under its name only when it is complete; folders are made as needed; NIfTI gets sform and qform.
 * Throws VolumeIoError 'bad-argument', 'range' or 'write-failed'; then nothing is left behind.
 */
export async function writeVolume(
  path: string | URL,
  volume: Volume<TypedArray>,
  opts: WriteVolumeOpts = {},
): Promise<void> {
  const name = String(path);
  if (/\.mhd$/i.test(name)) {
    const data = name.replace(/\.mhd$/i, opts.compress ? '.zraw' : '.raw');
    const { header, voxels } = await encodeMetaParts(
      volume,
      decodeURIComponentOf(path, data),
      opts,
    );
    await writeFiles([
      { path: path instanceof URL ? new URL(data) : data, chunks: voxels },
      { path, chunks: only(header) },
    ]);
    return;
  }
  const { format, compress } = formatOf(name, volume, opts);
  const all = compress === undefined ? opts : { ...opts, compress };
  await writeFiles([{ path, chunks: encodeChunks(volume, format, all) }]);
}

function decodeURIComponentOf(path: string | URL, data: string): string {
  const own = baseName(data);
  return path instanceof URL ? decodeURIComponent(own) : own;
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function formatOf(
  name: string,
  volume: Volume<TypedArray>,
  opts: WriteVolumeOpts,
): { format: WriteFormat; compress?: boolean } {
  const extension = /\.(nii(?:\.gz)?|mha|nrrd|npy)$/i.exec(name)?.[1]?.toLowerCase();
  switch (extension) {
    case 'nii':
    case 'nii.gz': {
      const version = opts.niftiVersion ?? (fitsNifti1(volume.data.shape) ? 1 : 2);
      return { format: version === 1 ? 'nifti1' : 'nifti2', compress: extension === 'nii.gz' };
    }
    case 'mha':
      return { format: 'metaimage' };
    case 'nrrd':
      return { format: 'nrrd' };
    case 'npy':
      return { format: 'npy' };
    default:
      throw new VolumeIoError(
        'bad-argument',
        'its extension is none of .nii, .nii.gz, .mha, .mhd, .nrrd and .npy, so its format is not known',
        { file: name },
      );
  }
}
