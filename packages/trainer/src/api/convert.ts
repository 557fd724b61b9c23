import { stat } from 'node:fs/promises';
import {
  listVolumes,
  openVolume,
  type ReadonlyVec3,
  reorient,
  resampleToSpacing,
  type ScalarType,
  straighten,
  type Volume,
  type VolumeHandle,
} from '@genesis/volume-io';
import { checkOutputs } from '../data/check-outputs.js';
import { isLabelMap } from '../data/label-values.js';
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
  /** Resample a scan with a tilted gantry, or of another shear, to axes at right angles (linear). Default false. */
  readonly straighten?: boolean;
  /** Turn the axes, e.g. 'RAS', without resampling. */
  readonly orientation?: string;
  /**
   * How voxels are resampled: 'nearest' keeps the values of a label map. Default 'auto': 'nearest' for what looks like a label map, else
   * 'linear'.
   */
  readonly interpolation?: 'auto' | 'linear' | 'nearest';
  /** Resample to this voxel size in mm. */
  readonly spacing?: ReadonlyVec3;
}

/**
 * Reads any volume and writes it in another format, geometry kept. Nothing is written when reading fails.
 *
 * @throws VolumeIoError for an input that cannot be read or an unknown extension, TrainerError 'write-failed'.
 */
export async function convert(opts: OlderNames<ConvertOpts>): Promise<Volume> {
  const { out, volumeIndex, component, dtype } = opts;
  const images = imagesOf(opts);
  await checkOutputs({ inputs: withData(images), outputs: withData(out), overwrite: true });
  const handle = await openOnly(images, opts.series);
  let volume = await handle.read({ volumeIndex, component, dtype }).finally(() => handle.close());
  if (opts.straighten) volume = straighten(volume);
  if (opts.orientation !== undefined) volume = reorient(volume, opts.orientation);
  if (opts.spacing !== undefined) {
    const { interpolation: wanted = 'auto' } = opts;
    const interpolation = wanted !== 'auto' ? wanted : isLabelMap(volume) ? 'nearest' : 'linear';
    volume = resampleToSpacing(volume, opts.spacing, { interpolation });
  }
  await writeOutput(out, volume);
  return volume;
}

/** A header with the files that its voxels may be in. */
function withData(path: string): string[] {
  const header = /^(.*)\.(mhd|nhdr|hdr)$/i.exec(path);
  if (!header) return [path];
  return [path, ...['raw', 'zraw', 'raw.gz', 'img', 'img.gz'].map((end) => `${header[1]}.${end}`)];
}

/** Opens a file, or the one volume of a folder. Series are told apart by the reader. */
async function openOnly(path: string, series: ConvertOpts['series']): Promise<VolumeHandle> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) return openVolume(path, { series });
  const entries = await listVolumes(path);
  const isOne = entries.length === 1;
  const hasFile = entries.some((entry) => entry.series === undefined);
  if (isOne && (hasFile || series === undefined)) return entries[0].open();
  if (!hasFile) return openVolume(path, { series });
  throw new TrainerError(
    'bad-argument',
    `${path} holds ${entries.length} volumes (${entries
      .slice(0, 3)
      .map((entry) => entry.name)
      .join(', ')}${entries.length > 3 ? ', …' : ''}): give one of their paths as --images`,
    { file: path },
  );
}
