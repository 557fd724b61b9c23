import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';

/** The few file operations that saving and loading a model needs. */
export const files = {
  join,
  dirname,
  read: async (path: string): Promise<Uint8Array> => readFile(path),
  /** Writes beside the target and renames, so that a reader never sees half a file. */
  write: (path: string, bytes: Uint8Array | string): Promise<void> => atomicWrite(path, bytes),
};
