import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GenesisError } from '../../errors.js';
import { writeFailure } from '../atomic-write.js';
import { type Claim, claimPath, listClaims, readClaim } from './claims.js';
import { startHeartbeat } from './heartbeat.js';
import { held, judge, newOwner, type Owner } from './owner.js';

export interface TakeLockOpts {
  /** Time between two signs of life of a holder, in milliseconds; default 1000. */
  readonly beatMs?: number;
  /**
   * How long a holder of another machine or container may give no sign of life before its lock is taken over, in
   * milliseconds; default 15 000.
   */
  readonly patienceMs?: number;
  /** Called once when it must be watched whether a holder gives signs of life. */
  readonly onWait?: (owner: Owner | undefined, patienceMs: number) => void;
}

/** A lock that this process holds. */
export interface Lock {
  /** Gives the lock back; later calls do nothing. */
  release(): Promise<void>;
  /**
   * @throws GenesisError 'lock-lost' when another process has taken the lock over, because this one gave no sign of life
   *   (it was stopped, its machine slept) or somebody deleted the file.
   */
  assertHeld(): Promise<void>;
}

/**
 * Takes the lock file at `path`, so that two processes never write to one folder, of whatever container or machine that shares
 * it.
 *
 * A holder shows that it lives by touching its file every second. The lock of one that has ended is taken over: at once where
 * process ids can tell (same machine, same container; a number that another process was given since does not count),
 * else when the file has not been touched for `patienceMs`, by this process's own clock.
 *
 * Files are claims of generations: who takes over creates the next one, which only one process can, then looks whether there is
 * a claim that it has not judged to be dead, and withdraws if so. Of two that believe to hold the lock, the later one to
 * look would have seen the other's claim.
 *
 * @throws GenesisError 'locked' when another live process holds it, 'write-failed' when no file can be made there.
 */
export async function takeLock(path: string, opts: TakeLockOpts = {}): Promise<Lock> {
  const { beatMs = 1000, patienceMs = 15_000, onWait } = opts;
  const owner = newOwner();
  const dead = new Set<string>();
  let told = false;
  const wait = (other: Owner | undefined): void => {
    if (!told) onWait?.(other, patienceMs);
    told = true;
  };
  for (;;) {
    const claims = await list(path);
    let changed = false;
    for (const claim of claims) {
      if (dead.has(key(claim))) continue;
      const verdict = await watch(claim, patienceMs, wait);
      if (verdict === 'alive') throw lockedError(path, claim);
      if (verdict === 'dead') dead.add(key(claim));
      else changed = true;
    }
    if (changed) continue;
    const mine = claimPath(path, (claims.at(-1)?.generation ?? 0) + 1);
    const fd = create(mine, owner);
    if (fd === undefined) continue; // another process was faster: look at it
    const others = (await list(path)).filter(
      (claim) => claim.path !== mine && !dead.has(key(claim)),
    );
    if (others.length === 0) {
      for (const { path: old } of claims) await rm(old, { force: true });
      return holdLock(mine, owner, fd, beatMs);
    }
    closeSync(fd);
    await rm(mine, { force: true });
    await sleep(20 + Math.random() * 100);
  }
}

/** A claim in the state in which it was judged. */
function key({ path, state }: Claim): string {
  return `${path} ${state}`;
}

async function list(path: string): Promise<Claim[]> {
  try {
    return await listClaims(path);
  } catch (cause) {
    throw writeFailure(path, cause);
  }
}

/** Creates a claim; undefined when there is one already. */
function create(path: string, owner: Owner): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'wx');
    writeSync(fd, JSON.stringify(owner));
    return fd;
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw writeFailure(path, cause);
  }
}

/** Judges a claim, by its signs of life where nothing else tells. 'gone' when it is no longer what it was. */
async function watch(
  claim: Claim,
  patienceMs: number,
  onWait: (owner: Owner | undefined) => void,
): Promise<'alive' | 'dead' | 'gone'> {
  const judged = claim.owner ? judge(claim.owner) : 'unknown';
  if (judged !== 'unknown') return judged;
  onWait(claim.owner);
  // A clock that nobody sets, and that stands still while the machine sleeps.
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    await sleep(Math.min(200, patienceMs / 10));
    const now = await readClaim(claim.path, claim.generation);
    if (now?.owner?.id !== claim.owner?.id || now === undefined) return 'gone';
    if (now.state !== claim.state) return 'alive';
  }
  return 'dead';
}

function lockedError(path: string, { owner }: Claim): GenesisError {
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'one that is just starting';
  return new GenesisError(
    'locked',
    `another process (${who}) is at work here: it holds ${path} and gives signs of life`,
    { file: path },
  );
}

function holdLock(path: string, owner: Owner, fd: number, beatMs: number): Lock {
  held.add(owner.id);
  const stopHeartbeat = startHeartbeat({ fd, beatMs });
  const isOurs = async (): Promise<boolean> => {
    const ours = fstatSync(fd, { bigint: true });
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found !== undefined && found.ino === ours.ino && found.dev === ours.dev;
  };
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    await stopHeartbeat();
    if (await isOurs()) await rm(path, { force: true });
    closeSync(fd);
    held.delete(owner.id);
  };
  return {
    release: () => (released ??= release()),
    async assertHeld() {
      if (released === undefined && (await isOurs())) return;
      throw new GenesisError(
        'lock-lost',
        `${path} is no longer this process's lock: another process has taken it over, or it was deleted`,
        { file: path },
      );
    },
  };
}
