import { openPath } from '#platform';
import type { ByteSource, FolderSource, FormatEntry, NamedBytes, VolumeSource } from '../../api.js';
import { BlobSource } from '../../bytes/blob-source.js';
import { bunzip2, isBzip2 } from '../../bytes/bunzip2.js';
import { BytesSource, openNamed } from '../../bytes/bytes-source.js';
import { InflatedSource } from '../../bytes/inflated-source.js';
import { MemoryFolder } from '../../bytes/memory-folder.js';
import { baseName, isGzip } from '../../bytes/names.js';
import { unpackedHead, wholeFile } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { formats } from './registry.js';

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

export interface Detected {
  entry: FormatEntry;
  /** What the reader is to be given: the same source, or its decompressed content. */
  source: ByteSource;
}

/** Bytes of a file that formats are recognised by. */
const HEAD = 1024;

/** For formats that do not stream: label maps may shrink a thousandfold, but a small file may not fill the memory. */
function unpackLimit(source: ByteSource): number {
  return Math.max(256 * 2 ** 20, 100 * source.size);
}

/** Finds the format of a file by its content. Throws VolumeIoError 'empty', 'unknown-format' or what decompression throws. */
export async function detectFormat(source: ByteSource): Promise<Detected> {
  const file = source.name;
  if (source.size === 0) throw new VolumeIoError('empty', 'is empty (0 bytes)', { file });
  const head = await source.read(0, HEAD);
  const name = baseName(file).toLowerCase();
  if (isBzip2(head)) {
    const bytes = bunzip2(await source.read(0, source.size), unpackLimit(source), file);
    return detectFormat(new BytesSource(bytes, file.replace(/\.bz2$/i, '')));
  }
  if (!isGzip(head)) return { entry: findEntry(head, name, file), source };
  const payload = await wholeFile(source);
  const inner = await unpackedHead(payload, HEAD);
  const entry = findEntry(inner, name.replace(/\.gz$/, ''), file);
  if (entry.readsGzip) return { entry, source };
  return { entry, source: await InflatedSource.open(payload, unpackLimit(source)) };
}

function findEntry(head: Uint8Array, name: string, file: string): FormatEntry {
  const entry = formats.find((format) => format.matches(head, name));
  if (entry) return entry;
  throw new VolumeIoError('unknown-format', describeUnknown(head, name), { file });
}

function describeUnknown(head: Uint8Array, name: string): string {
  const isText = head.every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b < 127));
  const extension = /\.(nii|hdr|nrrd|nhdr|npy|npz|dcm)(\.gz)?$/.exec(name)?.[0];
  const what = isText ? 'is a text file' : 'has content of no known kind';
  return extension
    ? `${what}, although its name ends in ${extension}; it may be damaged or misnamed`
    : `${what}; readable are NIfTI, Analyze, MetaImage, NRRD, NPY, NPZ and DICOM`;
}
