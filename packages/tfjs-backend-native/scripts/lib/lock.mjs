import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError } from './error.mjs';

const WAIT_MS = 600_000;

/** The lock of runs, too. It is compiled from TypeScript, which a fresh clone has yet to do. */
async function lockOfCore() {
  try {
    return (await import('@genesis/core/node')).takeLock;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BuildError(
      '@genesis/core is not built, which the build of the addon uses: run "npx tsc -b packages/core" first, or "npm run build".',
    );
  }
}

/**
 * Runs `work` while holding a lock file, so that two builds at once do not write the same objects: the second waits, then
 * finds them made. The lock of a build that was killed is taken over.
 */
export async function withLock(path, work) {
  const takeLock = await lockOfCore();
  const deadline = performance.now() + WAIT_MS;
  let lock;
  while (lock === undefined) {
    try {
      lock = await takeLock(path);
    } catch (error) {
      if (error.code !== 'locked') throw error;
      if (performance.now() > deadline)
        throw new BuildError(`Another build takes too long: ${error.message}.`);
      await sleep(200);
    }
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
