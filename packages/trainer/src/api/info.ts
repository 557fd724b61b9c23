import { type BrokenEntry, listVolumes, type VolumeEntry } from '@genesis/volume-io';
import { nameCases } from '../data/case-names.js';
import { ValueRange } from '../data/value-range.js';
import { TrainerError } from '../errors.js';

/** One volume as `info` describes it. */
export interface VolumeSummary {
  /** Its place in the list, from 0: what `series` of `convert` takes. */
  readonly number: number;
  readonly path: string;
  /** Of the case: its path below the folder, made short where that is unique. */
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
  /** Smallest, largest and mean value of the first volume, NaN where none is finite; non-finite values are counted apart. */
  readonly range?: { min: number; max: number; mean: number; nonFinite: number };
  readonly notes?: readonly string[];
  /** Why it cannot be read. */
  readonly error?: string;
}

export interface InfoOpts {
  /** Read the voxels for the value range. Default true. */
  readonly range?: boolean;
  /** Told in one sentence each what was done about links and folders. */
  readonly onNote?: (note: string) => void;
}

/**
 * Describes a volume, or every volume and DICOM series under a folder; broken files are listed with the reason.
 *
 * @throws VolumeIoError when the path does not exist, TrainerError 'no-data' when nothing there is a volume.
 */
export async function info(path: string, opts: InfoOpts = {}): Promise<VolumeSummary[]> {
  const told = new Set<string>();
  const onNote = (note: string): void => {
    if (!told.has(note)) opts.onNote?.(note);
    told.add(note);
  };
  const entries = await listVolumes(path, { broken: true, onNote });
  if (entries.length === 0) {
    throw new TrainerError('no-data', `${path}: there is no volume that can be read`, {
      file: path,
    });
  }
  const names = nameCases(path, entries);
  const summaries: VolumeSummary[] = [];
  for (const [number, entry] of entries.entries()) {
    summaries.push(await summarize(entry, number, names[number].name, opts.range ?? true));
  }
  return summaries;
}

async function summarize(
  entry: VolumeEntry | BrokenEntry,
  number: number,
  name: string,
  withRange: boolean,
): Promise<VolumeSummary> {
  const { path, format, series, files, description } = entry;
  const base: VolumeSummary = { number, path, name, format, series, files, description };
  if (entry.error !== undefined) return { ...base, error: entry.error };
  const { header } = entry;
  const notes = new Set(header.notes);
  try {
    const range = withRange ? await valueRange(entry, (note) => notes.add(note)) : undefined;
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
      notes: [...notes],
    };
  } catch (error) {
    return { ...base, error: (error as Error).message };
  }
}

/** In one pass over the file, with the memory of a slab. */
async function valueRange(
  entry: VolumeEntry,
  onNote: (note: string) => void,
): Promise<NonNullable<VolumeSummary['range']>> {
  const handle = entry.open();
  const range = new ValueRange();
  try {
    for await (const slab of handle.slabs({ volumeIndex: 0, component: 0, onNote }))
      range.add(slab);
  } finally {
    await handle.close();
  }
  const { min, max, sum, finite, nonFinite } = range;
  if (finite === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, nonFinite };
  return { min, max, mean: sum / finite, nonFinite };
}
