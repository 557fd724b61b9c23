import { openPath } from '#platform';
import type { NamedBytes, VolumeSource } from '../api.js';
import type { ByteSource, FolderSource } from '../bytes/api.js';
import { BlobSource } from '../bytes/blob-source.js';
import { BytesSource } from '../bytes/bytes-source.js';
import { MemoryFolder } from '../bytes/memory-folder.js';
import { openNamed } from '../bytes/open-named.js';
import { VolumeIoError } from '../errors.js';

export type Opened =
  | { kind: 'file'; source: ByteSource }
  | { kind: 'folder'; folder: FolderSource };

/** Opens whatever a caller may give. Throws VolumeIoError 'not-found', 'not-readable' or 'bad-argument'. */
export async function openSource(given: VolumeSource, name?: string): Promise<Opened> {
  if (typeof given === 'string' || given instanceof URL) return openPath(given);
  const label = name ?? 'bytes';
  if (given instanceof Uint8Array) return file(new BytesSource(given, label));
  if (given instanceof ArrayBuffer) return file(new BytesSource(new Uint8Array(given), label));
  if (given instanceof Blob) {
    return file(new BlobSource(given, name ?? (given as File).name ?? 'blob'));
  }
  if (Array.isArray(given) && given.length > 0) return openFiles(given, name);
  throw new VolumeIoError(
    'bad-argument',
    'a source is a path, a file: URL, bytes, a Blob, or a list of files with names',
  );
}

function openFiles(given: readonly (NamedBytes | File)[], name: string | undefined): Opened {
  const files = given.map((item): NamedBytes => {
    if (!(item instanceof Blob)) return item;
    // Files of a chosen folder say where in it they were.
    const { webkitRelativePath } = item as File & { webkitRelativePath?: string };
    return { name: webkitRelativePath || item.name, bytes: item };
  });
  // A header with its data file, or one file alone, is a file; anything else is a folder.
  const main = files.filter((f) =>
    /\.(nii|hdr|mhd|mha|nhdr|nrrd|npy|npz|zip)(\.gz)?$/i.test(f.name),
  );
  const chosen = files.length === 1 ? files[0] : main.length === 1 ? main[0] : undefined;
  if (chosen) return file(openNamed(chosen, files));
  return { kind: 'folder', folder: new MemoryFolder(files, name ?? 'files') };
}

function file(source: ByteSource): Opened {
  return { kind: 'file', source };
}
