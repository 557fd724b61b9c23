import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, systemReason } from '@genesis/core/node';
import { UNet3dError } from '../errors.js';

/** The few file operations that saving and loading a model needs. */
export const files = {
  join,
  /** @throws UNet3dError `read-failed` with the system's reason. */
  read: (path: string): Promise<Uint8Array> =>
    readFile(path).catch((cause: unknown) => {
      throw new UNet3dError('read-failed', `cannot read ${path}: ${systemReason(cause)}`, {
        file: path,
        cause,
      });
    }),
  /** The old content stays until the new one is whole; the folder is made. @throws GenesisError `write-failed`. */
  write: (path: string, bytes: Uint8Array | string): Promise<void> => atomicWrite(path, bytes),
};
