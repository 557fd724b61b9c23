import { type BrokenEntry, listVolumes, type VolumeEntry } from '@genesis/volume-io';
import { TrainerError } from '../errors.js';

/** One volume as `info` describes it. */
export interface VolumeSummary {
  readonly path: string;
  readonly name: string;
  readonly format: string;
  readonly series?: string;
  readonly files?: number;
  readonly modality?: string;
  readonly description?: string;
  /** Voxels along i, j, k. */
  readonly shape?: readonly number[];
  /** Number of 3-D volumes in the file, when more than one. */
  readonly volumes?: number;
  readonly components?: number;
  readonly dtype?: string;
  /** mm */
  readonly spacing?: readonly number[];
  readonly orientation?: string;
  /** Smallest, largest and mean value of the first volume; non-finite values are counted apart. */
  readonly range?: { min: number; max: number; mean: number; nonFinite: number };
  readonly notes?: readonly string[];
  /** Why it cannot be read. */
  readonly error?: string;
}

export interface InfoOpts {
  /** Read the voxels for the value range. Default true. */
  readonly range?: boolean;
}

/**
 * Describes a volume, or every volume and DICOM series under a folder; broken files are listed with the reason.
 *
 * @throws VolumeIoError when the path does not exist, TrainerError 'no-data' when nothing there is a volume.
 */
export async function info(path: string, opts: InfoOpts = {}): Promise<VolumeSummary[]> {
  const entries = await listVolumes(path, { broken: true });
  if (entries.length === 0) {
    throw new TrainerError('no-data', `${path}: there is no volume that can be read`, {
      file: path,
    });
  }
  const summaries: VolumeSummary[] = [];
  for (const entry of entries) summaries.push(await summarize(entry, opts.range ?? true));
  return summaries;
}

async function summarize(
  entry: VolumeEntry | BrokenEntry,
  withRange: boolean,
): Promise<VolumeSummary> {
  const { path, name, format, series, files, description } = entry;
  const base: VolumeSummary = {
    path,
    name,
    format,
    series,
    files,
    description,
  };
  if (entry.error !== undefined) return { ...base, error: entry.error };
  try {
    const { header } = entry;
    const range = withRange ? await valueRange(entry) : undefined;
    return {
      ...base,
      shape: header.shape,
      dtype: header.dtype,
      spacing: header.spacing,
      orientation: header.orientation,
      volumes: header.volumes > 1 ? header.volumes : undefined,
      components: header.components > 1 ? header.components : undefined,
      modality: header.modality,
      range,
      notes: header.notes,
    };
  } catch (error) {
    return { ...base, error: (error as Error).message };
  }
}

async function valueRange(entry: VolumeEntry): Promise<NonNullable<VolumeSummary['range']>> {
  const handle = entry.open();
  // In the type in which it is stored: as double numbers most volumes take four times the memory.
  const first = { volumeIndex: 0, component: 0 };
  const { data } = await handle.read(first).finally(() => handle.close());
  let [min, max, sum, nonFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  const values = data.data;
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (!Number.isFinite(value)) {
      nonFinite++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min, max, mean: sum / Math.max(1, values.length - nonFinite), nonFinite };
}
