import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, writeFailure } from '@genesis/core/node';

/** Extensions of volumes that can be written. */
const VOLUME = /\.(nii|nii\.gz|mha|mhd|nrrd|npy)$/i;

/** An extension that label volumes may have in a folder. In a `.seg.nrrd` 3D Slicer finds names and colours. */
export type LabelFormat = 'nii.gz' | 'nii' | 'mha' | 'nrrd' | 'seg.nrrd';

/** All of them. */
export const labelFormats: readonly LabelFormat[] = ['nii.gz', 'nii', 'mha', 'nrrd', 'seg.nrrd'];

/** Bytes of a name at most: file systems take 255, of which '.seg.nrrd' needs 9. */
const LONGEST = 246;

/** Whether a path is one file to write, rather than a folder of them: by its extension, unless a folder is there. */
export async function isVolumeFile(path: string): Promise<boolean> {
  if (!VOLUME.test(path)) return false;
  return !((await stat(path).catch(() => undefined))?.isDirectory() ?? false);
}

/** The path of a file that goes along with a volume: its own extension instead of the volume's. */
export function besideVolume(path: string, extension: string): string {
  return path.replace(VOLUME, extension);
}

/**
 * Whether a path is meant as a folder of volumes: one is there, it ends as one does, or it has no extension. What ends in an extension
 * that cannot be written is no folder, so that a mistake is told.
 */
export async function isVolumeFolder(path: string): Promise<boolean> {
  if ((await stat(path).catch(() => undefined))?.isDirectory() || /[\\/]$/.test(path)) return true;
  return !/\.[a-z][a-z0-9]{1,4}(\.gz)?$/i.test(path);
}

/**
 * Where the result of a case is written below the folder of outputs, without extension: characters that some file systems refuse are
 * replaced, parts that are too long are cut; a volume of a 4-D file gets its number after '_'.
 */
export function outputName(key: string): string {
  return (
    key
      .replace(/\[(\d+)\]$/, '_$1')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
      .replace(/[\\:*?"<>|\u0000-\u001f\u007f]/g, '_')
      .split('/')
      .map(shortened)
      .join('/')
  );
}

function shortened(part: string): string {
  const bytes = Buffer.from(part);
  if (bytes.length <= LONGEST) return part;
  // Numbers tell names apart. What is left of a letter that was cut in two is dropped.
  const number = /_\d+$/.exec(part)?.[0] ?? '';
  return (
    bytes
      .subarray(0, LONGEST - number.length)
      .toString()
      .replace(/\ufffd+$/, '') + number
  );
}

/** Makes the folders in which files are going to be written. Throws GenesisError 'write-failed'. */
export async function makeFolders(paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    try {
      await makeFolder(folder);
    } catch (cause) {
      throw writeFailure(folder, cause);
    }
  }
}
