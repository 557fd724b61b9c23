import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The few file operations that saving and loading a model needs. */
export const files = {
  join,
  dirname,
  read: async (path: string): Promise<Uint8Array> => readFile(path),
  /** Writes beside the target and renames, so that a reader never sees half a file. */
  write: async (path: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, bytes);
    await rename(`${path}.tmp`, path);
  },
};
