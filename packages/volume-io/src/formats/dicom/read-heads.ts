import type { OpenVolumeOpts } from '../../api.js';
import type { ByteSource, FolderSource } from '../../bytes/api.js';
import { mapConcurrently } from '../../bytes/map-concurrently.js';
import { throwIfAborted } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { readSeriesFile, type SeriesFile } from './series-file.js';

/** Heads read at a time. */
const CONCURRENCY = 16;

/**
 * The head of one file under the name that it has in its folder, or why it cannot be read; undefined when it is no DICOM
 * image.
 */
export async function readHeadOf(
  name: string,
  source: ByteSource,
): Promise<SeriesFile | VolumeIoError | undefined> {
  try {
    // Files are opened again by their name in the folder; the source's own name is for messages.
    return { ...(await readSeriesFile(source)), name };
  } catch (error) {
    if (!(error instanceof VolumeIoError)) throw error;
    return error.code === 'unknown-format' || error.code === 'unsupported' ? undefined : error;
  }
}

/** What a folder holds of images. */
export interface Heads {
  readonly files: SeriesFile[];
  /** Of files that are broken. */
  readonly errors: VolumeIoError[];
}

/** The heads of all DICOM images in a folder and below. Files of other kinds are passed over. */
export async function readHeads(folder: FolderSource, opts: OpenVolumeOpts): Promise<Heads> {
  const heads = await mapConcurrently(await folder.list(), CONCURRENCY, async (name) => {
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
  return { files, errors };
}

/** Sentences for the header of a volume beside which files are broken. */
export function brokenNotes(errors: readonly VolumeIoError[]): string[] {
  const notes = errors
    .slice(0, 5)
    .map((error) => `A DICOM file could not be read and was left out: ${error.message}.`);
  if (errors.length > 5) notes.push(`${errors.length - 5} more files could not be read.`);
  return notes;
}
