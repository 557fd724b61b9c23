import type { VolumeHeader } from '../api.js';
import type { FolderSource } from '../bytes/api.js';
import { mapConcurrently } from '../bytes/map-concurrently.js';
import { volumeName } from '../bytes/names.js';
import { throwIfAborted } from '../bytes/payload.js';
import { VolumeIoError } from '../errors.js';
import type { FormatEntry, ListedVolume, VolumeCollector } from '../formats/common/api.js';
import type { BrokenEntry, ListVolumesOpts, VolumeEntry } from './api.js';
import { detectFormat } from './detect-format.js';
import { guardRead } from './guard-read.js';
import { openFile } from './open-file.js';
import { SharedVolume } from './shared-volume.js';
import { VolumeHandle } from './volume-handle.js';

/** Files that belong to a header beside them, or are known not to be volumes: not looked into. */
const PASSED_OVER =
  /\.(raw|zraw|img|img\.gz|json|csv|tsv|txt|md|bval|bvec|png|jpe?g|pdf|xml|html?|ya?ml)$/i;
/** Files whose names promise a volume: broken ones are worth an entry. */
const PROMISING = /\.(nii|hdr|mha|mhd|nrrd|nhdr|npy|npz|dcm|ima)(\.gz)?$/i;
/** Files that are open at a time. */
const CONCURRENCY = 8;

type Entry = VolumeEntry | BrokenEntry;

/**
 * The volumes of a folder and of all folders below, sorted by path, then by series. Each file is opened once, its header read
 * once, and closed; what is not a volume is passed over.
 *
 * @param insist - Fail where a file is no volume.
 */
export async function listFolder(
  folder: FolderSource,
  opts: ListVolumesOpts,
  insist = false,
): Promise<Entry[]> {
  const listing = new Listing(folder);
  const { names, missing, notes } = await folder.list();
  for (const note of [...notes, ...missingNotes(missing)]) opts.onNote?.(note);
  const looked = insist ? names : names.filter((name) => !PASSED_OVER.test(name));
  const found = await mapConcurrently(looked, CONCURRENCY, async (name) => {
    throwIfAborted(opts.signal, folder.name);
    try {
      return await listing.inspect(name);
    } catch (error) {
      if (insist || !(error instanceof VolumeIoError)) throw error;
      return PROMISING.test(name) ? listing.entry(brokenFile(name, error)) : undefined;
    }
  });
  const absent = missing
    .filter((name) => PROMISING.test(name))
    .map((name) => listing.entry(brokenFile(name, leadsNowhere(folder, name))));
  const whole = found.filter((entry) => entry !== undefined);
  return [...whole, ...(await listing.series()), ...absent]
    .filter((entry) => opts.broken || entry.error === undefined)
    .sort((a, b) => compare(a.path, b.path) || compare(a.series ?? '', b.series ?? ''));
}

class Listing {
  /** Made when the first file is met that may be one of many. */
  private collecting: Promise<VolumeCollector> | undefined;

  constructor(private readonly folder: FolderSource) {}

  /** An entry for a file; nothing when it may be part of a series. */
  async inspect(name: string): Promise<Entry | undefined> {
    const file = await this.folder.open(name);
    try {
      const detected = await detectFormat(file);
      const { entry } = detected;
      if (entry.loadFolders) {
        const collector = await this.collector(entry.loadFolders);
        await guardRead(file.name, () => collector.add(name, file));
        return undefined;
      }
      const volume = await openFile(file, detected, {});
      await volume.release();
      const { header } = volume;
      return this.entry({
        path: name,
        name: volumeName(name),
        description: describe(header),
        found: volume,
      });
    } finally {
      await file.close();
    }
  }

  /** What the files met make together. */
  async series(): Promise<Entry[]> {
    const collector = await this.collecting;
    return collector ? collector.finish().map((listed) => this.entry(listed)) : [];
  }

  entry({ path, name, series, files, description, found }: ListedVolume): Entry {
    const shared = { path: joinPath(this.folder, path), name, series, files, description };
    if (found instanceof VolumeIoError) {
      return { ...shared, format: guessFormat(path), error: found.message };
    }
    const volume = new SharedVolume(joinPath(this.folder, path), found);
    return {
      ...shared,
      description: description ?? '',
      format: found.header.format,
      header: found.header,
      open: () => new VolumeHandle(volume),
    };
  }

  private collector(load: NonNullable<FormatEntry['loadFolders']>): Promise<VolumeCollector> {
    this.collecting ??= load().then((reader) => reader.collect(this.folder));
    return this.collecting;
  }
}

/** Links that have no entry of their own: nobody knows what they were to be. */
function missingNotes(missing: readonly string[]): string[] {
  const unknown = missing.filter((name) => !PROMISING.test(name) && !PASSED_OVER.test(name));
  if (unknown.length === 0) return [];
  const some = unknown.slice(0, 5).map((name) => JSON.stringify(name));
  const more = unknown.length > some.length ? ', …' : '';
  return [
    `${unknown.length} ${unknown.length === 1 ? 'link leads' : 'links lead'} to no file that is there: ${some.join(', ')}${more}.`,
  ];
}

function leadsNowhere(folder: FolderSource, name: string): VolumeIoError {
  return new VolumeIoError(
    'not-found',
    'is a link to a file that is not there; git-annex and DVC fetch files when they are asked to',
    { file: joinPath(folder, name) },
  );
}

function brokenFile(name: string, error: VolumeIoError): ListedVolume {
  return { path: name, name: volumeName(name), found: error };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function joinPath(folder: FolderSource, name: string): string {
  if (folder.path === undefined) return name;
  return name === '' || name === '.' ? folder.path : `${folder.path.replace(/[\\/]$/, '')}/${name}`;
}

function describe(header: VolumeHeader): string {
  const parts = [`${header.dims.join('×')} ${header.dtype}`];
  if (header.modality) parts.unshift(header.modality);
  if (header.description) parts.push(header.description);
  return parts.join(', ');
}

/** By the name of a broken file; what has no known ending was found to be DICOM by its content. */
function guessFormat(name: string): Entry['format'] {
  const extension = PROMISING.exec(name)?.[1].toLowerCase() ?? 'dcm';
  if (/^mh/.test(extension)) return 'metaimage';
  if (/nrrd|nhdr/.test(extension)) return 'nrrd';
  if (extension === 'npy' || extension === 'npz') return extension;
  return extension === 'dcm' || extension === 'ima' ? 'dicom' : 'nifti1';
}
