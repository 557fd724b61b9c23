import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GenesisError } from '../errors.js';
import { makeFolder } from './make-folder.js';
import { systemReason } from './system-reason.js';
import { temporaryPath } from './temporary-path.js';

/**
 * Writes a file so that readers see the old content or the new one, never a part: a temporary file beside it, flushed
 * to the disk, then renamed. The folder is made when it is missing. On failure nothing is left behind.
 *
 * @throws GenesisError 'write-failed' with the system's reason.
 */
export async function atomicWrite(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeFailure(path, cause);
  }
}

/** The error for a path that could not be written. */
export function writeFailure(path: string, cause: unknown): GenesisError {
  return new GenesisError('write-failed', `cannot write ${path}: ${systemReason(cause)}`, {
    file: path,
    cause,
  });
}
