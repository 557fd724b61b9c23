import type { FolderListing } from './api.js';

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/**
 * Is the file, or a folder that it is in, one that programs and systems hide: `._name` of macOS, `.git`, temporary files,
 * the previews of Windows?
 */
export function isHidden(path: string): boolean {
  const parts = path.split(/[\\/]/);
  return (
    parts.some((part) => part.startsWith('.') && part !== '.' && part !== '..') ||
    /^(thumbs\.db|desktop\.ini|icon\r)$/i.test(parts[parts.length - 1])
  );
}

/** A listing of a folder that has no links. */
export function plainListing(names: Iterable<string>): FolderListing {
  const shown = [...names].filter((name) => !isHidden(name));
  return { names: shown.sort(), missing: [], notes: [] };
}

/** Does the file start as gzip does? */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** Does the file start as a zip archive with members does? */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

/** Extensions that belong together with what stands before them. */
const EXTENSIONS =
  /\.(nii|hdr|img|mha|mhd|raw|zraw|nrrd|nhdr|npy|npz|dcm|dicom|ima|zip)?(\.(gz|bz2|zst))?$/i;

/** A file's name for people: without folder and without the extensions of volumes. */
export function volumeName(path: string): string {
  const base = baseName(path);
  return base.replace(EXTENSIONS, '') || base;
}
