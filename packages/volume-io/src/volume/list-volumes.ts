import type {
  FolderSource,
  ListVolumesOpts,
  VolumeEntry,
  VolumeHeader,
  VolumeSource,
} from '../api.js';
import { volumeName } from '../bytes/names.js';
import { throwIfAborted } from '../bytes/payload.js';
import { VolumeIoError } from '../errors.js';
import { detectFormat } from './detect-format.js';
import { openFolderReader } from './folder-reader.js';
import { guardRead } from './guard-read.js';
import { type Opened, openSource } from './open-source.js';

/** Files that belong to a header beside them, or are known not to be volumes: not looked into. */
const PASSED_OVER =
  /\.(raw|zraw|img|img\.gz|json|csv|tsv|txt|md|bval|bvec|png|jpe?g|pdf|xml|html?|ya?ml)$/i;
/** Files whose names promise a volume: broken ones are worth an entry. */
const PROMISING = /\.(nii|hdr|mha|mhd|nrrd|nhdr|npy|npz|dcm|ima)(\.gz)?$/i;

/**
 * Finds the volumes in a folder and all folders below: one entry a file, or a DICOM series. Sorted by path, then by
 * series. Headers are read, voxels are not. A single file gives its own entry.
 * Throws VolumeIoError 'not-found' or 'not-readable'; files that cannot be read are left out (see `broken`).
 */
export async function listVolumes(
  source: VolumeSource,
  opts: ListVolumesOpts = {},
): Promise<VolumeEntry[]> {
  const opened = await openSource(source);
  const folder = opened.kind === 'folder' ? opened.folder : await singleFile(opened, source);
  const names = await folder.list();
  const entries: VolumeEntry[] = [];
  const dicom: string[] = [];
  for (const name of opened.kind === 'file' ? names : names.filter((n) => !PASSED_OVER.test(n))) {
    throwIfAborted(opts.signal, folder.name);
    const found = await inspectFile(folder, name, opened.kind === 'file');
    if (found === 'dicom') dicom.push(name);
    else if (found && (found.error === undefined || opts.broken)) entries.push(found);
  }
  if (dicom.length > 0) {
    const reader = await openFolderReader(folder);
    const series = await guardRead(folder.name, () => reader.listFolder!(folder, dicom));
    entries.push(...series.filter((entry) => entry.error === undefined || opts.broken));
  }
  for (const entry of entries) entry.path = joinPath(folder, entry.path);
  return entries.sort((a, b) => compare(a.path, b.path) || compare(a.series ?? '', b.series ?? ''));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function joinPath(folder: FolderSource, name: string): string {
  if (folder.path === undefined) return name;
  return name === '' || name === '.' ? folder.path : `${folder.path.replace(/[\\/]$/, '')}/${name}`;
}

/** One file seen as a folder of one. */
async function singleFile(
  opened: Opened & { kind: 'file' },
  source: VolumeSource,
): Promise<FolderSource> {
  const { name } = opened.source;
  await opened.source.close();
  return {
    name,
    list: async () => [name],
    open: async () => {
      const again = await openSource(source);
      if (again.kind === 'file') return again.source;
      throw new VolumeIoError('not-found', 'is not a file any more', { file: name });
    },
  };
}

/** An entry for a file, 'dicom' when it may be part of a series, nothing when it is no volume. */
async function inspectFile(
  folder: FolderSource,
  name: string,
  insist: boolean,
): Promise<VolumeEntry | 'dicom' | undefined> {
  try {
    const file = await folder.open(name);
    try {
      const { entry, source } = await detectFormat(file);
      if (entry.name === 'dicom') return 'dicom';
      const reader = await entry.load();
      const header = await guardRead(file.name, () => reader.readHeader(source, {}));
      if (source !== file) await source.close();
      return {
        path: name,
        name: volumeName(name),
        format: header.format,
        description: describe(header),
      };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof VolumeIoError)) throw error;
    if (insist) throw error;
    if (!PROMISING.test(name)) return undefined;
    return { path: name, name: volumeName(name), format: guessFormat(name), error: error.message };
  }
}

function describe(header: VolumeHeader): string {
  const parts = [`${header.dims.join('×')} ${header.dtype}`];
  if (header.modality) parts.unshift(header.modality);
  if (header.description) parts.push(header.description);
  return parts.join(', ');
}

function guessFormat(name: string): VolumeEntry['format'] {
  const extension = PROMISING.exec(name)![1].toLowerCase();
  if (/^mh/.test(extension)) return 'metaimage';
  if (/nrrd|nhdr/.test(extension)) return 'nrrd';
  if (extension === 'npy' || extension === 'npz') return extension;
  return extension === 'dcm' || extension === 'ima' ? 'dicom' : 'nifti1';
}
