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
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return undefined;
    if (code !== 'ENOENT' || (await isFolder(dirname(folder)))) throw error;
  }
  const topmost = await makeFolder(dirname(folder));
  await mkdir(folder);
  return topmost ?? folder;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
