import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { GenesisError } from '../errors.js';
import { writeFailure } from './atomic-write.js';

interface Owner {
  pid: number;
  host: string;
}

/**
 * Takes the lock file, so that two processes never write to one folder. A lock left by a process that has ended on this
 * host is taken over.
 *
 * @returns A function that gives the lock back.
 * @throws GenesisError 'locked' when another live process holds it.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const me: Owner = { pid: process.pid, host: hostname() };
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, JSON.stringify(me), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(path, cause);
      const owner = await readOwner(path);
      if (attempt > 0 || (owner && isAlive(owner, me.host))) {
        throw new GenesisError(
          'locked',
          `another process (${owner?.pid ?? 'unknown'} on ${owner?.host ?? 'unknown'}) holds the lock; if it is gone, delete ${path}`,
          { file: path, cause },
        );
      }
      await rm(path, { force: true });
    }
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner>;
    if (typeof value.pid === 'number' && typeof value.host === 'string') return value as Owner;
  } catch {
    // A lock that cannot be read was cut short by a crash: nobody holds it.
  }
  return undefined;
}

function isAlive(owner: Owner, host: string): boolean {
  if (owner.host !== host) return true;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
