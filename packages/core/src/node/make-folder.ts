import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those above it. Node's own recursive mkdir never returns where a file system refuses new folders
 * with ENOENT, as /proc does.
 *
 * @returns The topmost folder that was made, undefined when all were there.
 * @throws The system's error.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const folder = resolve(path);
  if (await makeOne(folder)) return folder;
  if (await isFolder(folder)) return undefined;
  const topmost = await makeFolder(dirname(folder));
  // Another process may have been faster, with this folder or with the one above.
  const isOurs = await makeOne(folder);
  if (!isOurs) await checkFolder(folder);
  return topmost ?? (isOurs ? folder : undefined);
}

/** Whether it was made; false when it is there, or the one above is not. */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(folder))) return false;
    if (code === 'ENOENT' && dirname(folder) !== folder) return false;
    throw error;
  }
}

/** @throws The system's error for a folder that could not be made. */
async function checkFolder(folder: string): Promise<void> {
  if (!(await isFolder(folder))) await mkdir(folder);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
