import { stat } from 'node:fs/promises';
import { isGenesisError } from '@genesis/core';
import {
  type BrokenEntry,
  listVolumes,
  openVolume,
  type ScalarType,
  type Volume,
  type VolumeEntry,
  type VolumeHandle,
} from '@genesis/volume-io';
import { type ChangeVolumeOpts, changeVolume } from '../data/change-volume.js';
import { checkOutputs } from '../data/check-outputs.js';
import { chooseEntries } from '../data/choose-entry.js';
import { writeOutput } from '../data/write-output.js';
import { TrainerError } from '../errors.js';
import { imagesOf, type OlderNames } from './images-opt.js';

/** Options of {@link convert} and {@link convertFolder} for each volume. */
export interface ConvertVoxelsOpts extends ChangeVolumeOpts {
  /** Which volume of a 4-D file, from 0. */
  readonly volumeIndex?: number;
  /** Which value of colour or vector voxels, or 'luminance'. */
  readonly component?: number | 'luminance';
  /** Type of the voxels that are written. Default: the file's own. */
  readonly dtype?: ScalarType;
}

/** Options of {@link convert}. */
export interface ConvertOpts extends ConvertVoxelsOpts {
  /** A volume file, or a folder with one volume or DICOM series. */
  readonly images: string;
  /** The extension decides the format: .nii, .nii.gz, .mha, .mhd, .nrrd, .npy. */
  readonly out: string;
  /**
   * Which series of several: its UID, its description, the name of the case, or its number in the list of `info`, from 0. Of a file with
   * several arrays: the name or number of the array.
   */
  readonly series?: string | number;
}

/**
 * Reads any volume and writes it in another format, geometry kept. Nothing is written when reading fails.
 *
 * @throws VolumeIoError for an input that cannot be read or an unknown extension, TrainerError 'bad-argument', GenesisError
 *   'write-failed'.
 */
export async function convert(opts: OlderNames<ConvertOpts>): Promise<Volume> {
  const { out } = opts;
  const images = imagesOf(opts);
  await checkOutputs({ inputs: [images], outputs: [out], overwrite: true });
  const handle = await openOnly(images, opts.series);
  const volume = await readChanged(handle, opts);
  await writeOutput(out, volume);
  return volume;
}

/** Reads a volume as it is to be written, and closes it. */
export async function readChanged(handle: VolumeHandle, opts: ConvertVoxelsOpts): Promise<Volume> {
  const { volumeIndex, component, dtype } = opts;
  const voxels = { volumeIndex, component, dtype };
  const volume = await handle.read(voxels).finally(() => handle.close());
  return changeVolume(volume, opts);
}

/** Opens a file, or the one volume of a folder. Series are told apart by the reader. */
async function openOnly(path: string, series: ConvertOpts['series']): Promise<VolumeHandle> {
  const status = await stat(path).catch(() => undefined);
  const isFile = !status?.isDirectory();
  if (isFile && typeof series !== 'number') return openVolume(path, { series });
  const listed = await listVolumes(path, { broken: true });
  const hasFile = listed.some((entry) => entry.series === undefined);
  // The arrays of a file have numbers of their own; beyond the list only the number of a DICOM series can be meant.
  if (isFile && hasFile) return openVolume(path, { series });
  if (typeof series === 'number' && (hasFile || series < listed.length)) {
    const [entry] = chooseEntries(path, listed, series);
    if (entry.error === undefined) return entry.open();
    throw new TrainerError('bad-data', entry.error, { file: entry.path });
  }
  const entries = listed.filter((entry) => entry.error === undefined);
  const isOne = entries.length === 1;
  if (isOne && (hasFile || series === undefined)) return entries[0].open();
  if (!hasFile) {
    return openVolume(path, { series }).catch((cause) => {
      if (!isGenesisError(cause, 'series-required')) throw cause;
      throw severalIn(path, entries, listed, cause);
    });
  }
  const chosen = chooseEntries(path, entries, series);
  if (chosen.length === 1) return chosen[0].open();
  throw severalIn(path, chosen, listed);
}

/** Volumes that a message names. */
const MOST_NAMED = 10;

function severalIn(
  path: string,
  chosen: readonly VolumeEntry[],
  listed: readonly (VolumeEntry | BrokenEntry)[],
  cause?: Error,
): TrainerError {
  const names = chosen.slice(0, MOST_NAMED).map((entry) => entry.name);
  const numbers = chosen.slice(0, MOST_NAMED).map((entry) => listed.indexOf(entry));
  const more = chosen.length > names.length ? ', …' : '';
  return new TrainerError(
    'bad-argument',
    `${path} holds ${chosen.length} volumes (${names.join(', ')}${more}): choose one with --series and its number in genesis info (${numbers.join(', ')}${more}), or give a folder as --out for all`,
    { file: path, cause },
  );
}
