import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const VOLUME = /\.(nii|hdr|mha|mhd|nrrd|nhdr|npy|npz)(\.gz)?$/i;

/** Whether a name is one of a file that holds a volume, DICOM left aside. */
export function isVolumeName(name: string): boolean {
  return VOLUME.test(name) && !name.startsWith('.');
}

/** The file's name without the extensions of volumes. */
export function stemOf(name: string): string {
  return name.replace(VOLUME, '');
}

/** What is directly in a folder, sorted by name; hidden things are passed over. Nothing for a folder that is not there. */
export async function listNames(
  folder: string,
): Promise<{ readonly files: string[]; readonly folders: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const [files, folders]: [string[], string[]] = [[], []];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    // Volumes and folders of data are often links.
    const isFolder = entry.isSymbolicLink()
      ? ((await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() ?? false)
      : entry.isDirectory();
    (isFolder ? folders : files).push(entry.name);
  }
  return { files: files.sort(), folders: folders.sort() };
}

/** Paths of all folders in `folder`, itself first, down to `depth` levels. */
export async function foldersBelow(folder: string, depth: number): Promise<string[]> {
  if (depth === 0) return [folder];
  const { folders } = await listNames(folder);
  const below = await Promise.all(
    folders.map((name) => foldersBelow(join(folder, name), depth - 1)),
  );
  return [folder, ...below.flat()];
}
