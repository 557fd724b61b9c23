import type { OpenVolumeOpts } from '../../api.js';
import type { ByteSource, FolderSource } from '../../bytes/api.js';
import { mapConcurrently } from '../../bytes/map-concurrently.js';
import { throwIfAborted } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { findCut } from './find-cut.js';
import { readSeriesFile, type SeriesFile } from './series-file.js';

/** Heads read at a time. */
const CONCURRENCY = 16;

/** Files whose names say that they are DICOM. */
const NAMED = /\.(dcm|ima|dicom)$/i;

/**
 * The head of one file under the name that it has in its folder, or why it cannot be used, be it that the file was cut
 * within its pixels; undefined when it is no DICOM image and does not claim to be one.
 */
export async function readHeadOf(
  name: string,
  source: ByteSource,
): Promise<SeriesFile | VolumeIoError | undefined> {
  try {
    const file = await readSeriesFile(source);
    // Files are opened again by their name in the folder; the source's own name is for messages.
    return (await findCut(file, source)) ?? { ...file, name };
  } catch (error) {
    if (!(error instanceof VolumeIoError)) throw error;
    if (error.code === 'unsupported') return undefined;
    if (error.code !== 'unknown-format') return error;
    if (!NAMED.test(name)) return undefined;
    return source.size === 0
      ? new VolumeIoError('empty', 'is empty (0 bytes)', { file: source.name })
      : error;
  }
}

/** What a folder holds of images. */
export interface Heads {
  readonly files: SeriesFile[];
  /** Of files that are broken. */
  readonly errors: VolumeIoError[];
  /** What was done about links and folders that cannot be read, for the header of what is read. */
  readonly notes: string[];
}

/** The heads of all DICOM images in a folder and below. Files of other kinds are passed over. */
export async function readHeads(folder: FolderSource, opts: OpenVolumeOpts): Promise<Heads> {
  const { names, missing, notes } = await folder.list();
  const heads = await mapConcurrently(names, CONCURRENCY, async (name) => {
    throwIfAborted(opts.signal, folder.name);
    const source = await folder.open(name);
    try {
      return await readHeadOf(name, source);
    } finally {
      await source.close();
    }
  });
  const files: SeriesFile[] = [];
  const errors: VolumeIoError[] = [];
  for (const head of heads) {
    if (head instanceof VolumeIoError) errors.push(head);
    else if (head) files.push(head);
  }
  return { files, errors, notes: [...notes, ...missingNotes(missing)] };
}

/** Files that are named when they are left out. */
const MOST_NAMED = 5;

function missingNotes(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const some = missing.slice(0, MOST_NAMED).map((name) => JSON.stringify(name));
  const more = missing.length > MOST_NAMED ? ', …' : '';
  return [
    `${missing.length} ${missing.length === 1 ? 'link leads' : 'links lead'} to no file that is there: ${some.join(', ')}${more}.`,
  ];
}

/** Sentences for the header of a volume beside which files are broken. */
export function brokenNotes(errors: readonly VolumeIoError[]): string[] {
  const notes = errors
    .slice(0, MOST_NAMED)
    .map((error) => `A DICOM file could not be read and was left out: ${error.message}.`);
  if (errors.length > MOST_NAMED) {
    notes.push(`${errors.length - MOST_NAMED} more files could not be read.`);
  }
  return notes;
}
