import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGenesisError } from '@genesis/core';
import { makeFolder, takeLock, writeFailure } from '@genesis/core/node';

/** How often it is looked whether the other one is done, in milliseconds. */
const LOOK_MS = 200;

/**
 * Does `work` while no other process does with this lock; waits as long as another one lives.
 *
 * @param path - Of the lock's file.
 * @param onWait - Told once that another process is at work.
 * @throws GenesisError 'write-failed', and what `work` throws.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  await makeFolder(dirname(path)).catch((cause: unknown) => {
    throw writeFailure(path, cause);
  });
  for (let isFirst = true; ; isFirst = false) {
    try {
      const lock = await takeLock(path);
      return await work().finally(() => lock.release());
    } catch (error) {
      if (!isGenesisError(error, 'locked') || error.file !== path) throw error;
      if (isFirst) onWait();
      await sleep(LOOK_MS);
    }
  }
}
