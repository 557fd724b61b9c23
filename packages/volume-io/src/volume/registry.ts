import type { FolderReader, FormatEntry } from '../formats/common/api.js';
import { isDicom } from '../formats/dicom/detect.js';
import { niftiKind } from '../formats/nifti/fields.js';

function startsWith(head: Uint8Array, text: string, at = 0): boolean {
  for (let n = 0; n < text.length; n++) {
    if (head[at + n] !== text.charCodeAt(n)) return false;
  }
  return true;
}

/** Importing takes a tenth of a millisecond even when the module is there: much, beside the reading of a small region. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error) => {
      // In a browser the next try may find the network again.
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** The reader of folders whose files make one volume: those of DICOM. */
export const loadDicomFolders: () => Promise<FolderReader> = once(
  async () => (await import('../formats/dicom/folder-reader.js')).dicomFolders,
);

/** The formats, in the order in which they are tried. Each reader is loaded when the first file needs it. */
export const formats: readonly FormatEntry[] = [
  {
    name: 'nifti',
    // An .img is known by its name only: its header is beside it.
    matches: (head, name) =>
      (/\.img$/.test(name) && !startsWith(head, 'DICM', 128)) ||
      niftiKind(head, /\.hdr$/.test(name)) !== undefined,
    readsPacked: true,
    load: once(async () => (await import('../formats/nifti/reader.js')).niftiReader),
  },
  {
    name: 'nrrd',
    matches: (head) => startsWith(head, 'NRRD000'),
    load: once(async () => (await import('../formats/nrrd/reader.js')).nrrdReader),
  },
  {
    name: 'npy',
    matches: (head) => startsWith(head, '\x93NUMPY'),
    load: once(async () => (await import('../formats/npy/reader.js')).npyReader),
  },
  {
    name: 'npz',
    // A zip whose first member is an array, whatever its name.
    matches: (head, name) =>
      startsWith(head, 'PK\x03\x04') && (/\.npz$/.test(name) || firstMember(head).endsWith('.npy')),
    load: once(async () => (await import('../formats/npy/npz-reader.js')).npzReader),
  },
  {
    name: 'dicom',
    matches: (head) => isDicom(head) || startsWith(head, 'PK\x03\x04'),
    load: once(async () => (await import('../formats/dicom/reader.js')).dicomReader),
    loadFolders: loadDicomFolders,
  },
  {
    name: 'metaimage',
    matches: (head, name) =>
      /\.mh[ad]$/.test(name) || /^\s*(ObjectType|NDims)\s*=/m.test(text(head)),
    load: once(async () => (await import('../formats/meta-image/reader.js')).metaImageReader),
  },
];

function text(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, 256));
}

function firstMember(head: Uint8Array): string {
  const length = (head[26] ?? 0) | ((head[27] ?? 0) << 8);
  return String.fromCharCode(...head.subarray(30, 30 + length));
}
