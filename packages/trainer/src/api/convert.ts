import { stat } from 'node:fs/promises';
import {
  listVolumes,
  type ReadVolumeOpts,
  readVolume,
  reorient,
  resampleToSpacing,
  type ScalarType,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import { writeOutput } from '../data/write-output.js';
import { TrainerError } from '../errors.js';
import { imagesOf, type OlderNames } from './images-opt.js';

/** Options of {@link convert}. */
export interface ConvertOpts {
  /** A volume file, or a folder with one volume or DICOM series. */
  readonly images: string;
  /** The extension decides the format: .nii, .nii.gz, .mha, .nrrd, .npy. */
  readonly out: string;
  /** Which series of several: its UID or its number in the list of `info`, from 0. */
  readonly series?: string | number;
  /** Which volume of a 4-D file, from 0. */
  readonly volumeIndex?: number;
  /** Which value of colour or vector voxels, or 'luminance'. */
  readonly component?: number | 'luminance';
  readonly dtype?: ScalarType;
  /** Turn the axes, e.g. 'RAS', without resampling. */
  readonly orientation?: string;
  /** Resample (linear) to this voxel size in mm. */
  readonly spacing?: Vec3;
}

/**
 * Reads any volume and writes it in another format, geometry kept. Nothing is written when reading fails.
 *
 * @throws VolumeIoError for an input that cannot be read or an unknown extension, TrainerError 'write-failed'.
 */
export async function convert(opts: OlderNames<ConvertOpts>): Promise<Volume> {
  const read: ReadVolumeOpts = {
    volumeIndex: opts.volumeIndex,
    component: opts.component,
    dtype: opts.dtype,
    series: opts.series,
  };
  const path = await onlyVolume(imagesOf(opts));
  let volume = (await readVolume(path, read)) as Volume;
  if (opts.orientation !== undefined) volume = reorient(volume, opts.orientation);
  if (opts.spacing !== undefined) volume = resampleToSpacing(volume, opts.spacing);
  await writeOutput(opts.out, volume);
  return volume;
}

/** A folder may hold one volume file, which is then meant. Series are told apart by the reader. */
async function onlyVolume(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) return path;
  const entries = await listVolumes(path);
  const files = entries.filter((entry) => entry.series === undefined);
  if (files.length === 0) return path;
  if (entries.length > 1) {
    throw new TrainerError(
      'bad-argument',
      `${path} holds ${entries.length} volumes (${entries
        .slice(0, 3)
        .map((entry) => entry.name)
        .join(', ')}${entries.length > 3 ? ', …' : ''}): give one of their paths as --images`,
      { file: path },
    );
  }
  return files[0].path;
}
