import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

/** What a lock file says about the process that holds it. */
export interface Owner {
  /** Of this one lock; no other has it. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Which running machine: two processes with the same value see one clock and, in one `space`, one list of processes. */
  readonly machine?: string;
  /** Process ids are counted per container: in which one. */
  readonly space?: string;
  /** When the process began, in a unit of its machine: a later process with the same id has another value. */
  readonly began?: string;
}

/** Ids of the locks that this thread holds. */
export const held = new Set<string>();

/** This process as the owner of a new lock. */
export function newOwner(): Owner {
  return { id: randomUUID(), pid: process.pid, host: hostname(), ...here() };
}

type Place = Pick<Owner, 'machine' | 'space' | 'began'>;
let place: Place | undefined;

/** What does not change while this process lives. */
function here(): Place {
  place ??=
    process.platform === 'linux'
      ? {
          machine: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
          space: attempt(() => readlinkSync('/proc/self/ns/pid')),
          began: beginOf('self'),
        }
      : { machine: machineHash(), space: process.platform };
  return place;
}

/** Host name and network cards: hosts of one name are told apart. A card that is plugged in later makes it another. */
function machineHash(): string {
  const cards = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal }) => !internal).map(({ mac }) => mac),
  );
  const text = [hostname(), ...[...new Set(cards)].sort()].join(' ');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Ticks between the machine's start and the process's; undefined where that cannot be read. */
function beginOf(pid: number | 'self'): string | undefined {
  // The name of the program, in parentheses, may itself hold spaces and parentheses.
  return attempt(
    () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19],
  );
}

/** Whether /proc counts processes as this one does; in a container it may be the host's. */
function procIsOurs(): boolean {
  return attempt(() => readlinkSync('/proc/self')) === String(process.pid);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // no such file on this system, or it may not be read
  }
}

/**
 * Whether the owner of a lock still lives, as far as process ids tell: 'unknown' for one of another machine or container,
 * whose signs of life must be watched.
 */
export function judge(owner: Owner): 'alive' | 'dead' | 'unknown' {
  if (held.has(owner.id)) return 'alive';
  const { machine, space, began } = here();
  if (owner.machine === undefined) {
    // Of a version that wrote less. This thread holds no such lock, whoever has the same number.
    if (owner.host !== hostname()) return 'unknown';
    return owner.pid === process.pid || !exists(owner.pid) ? 'dead' : 'unknown';
  }
  if (owner.machine !== machine || owner.space !== space || space === undefined) return 'unknown';
  if (!exists(owner.pid)) return 'dead';
  if (owner.began === undefined) return 'unknown';
  const now = owner.pid === process.pid ? began : procIsOurs() ? beginOf(owner.pid) : undefined;
  if (now === undefined) return 'unknown';
  return now === owner.began ? 'alive' : 'dead';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
