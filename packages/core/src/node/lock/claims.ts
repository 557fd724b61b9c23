import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Owner } from './owner.js';

/**
 * A file that claims the lock at a path: the path itself, or the path with `.2`, `.3`, … after it, which take over from the
 * ones before.
 */
export interface Claim {
  readonly path: string;
  readonly generation: number;
  /** Undefined when the file does not (yet) say who it is. */
  readonly owner?: Owner;
  /** Equal as long as nobody has written to the file or touched it. */
  readonly state: string;
}

/** The path of a generation of the lock at `path`. */
export function claimPath(path: string, generation: number): string {
  return generation === 1 ? path : `${path}.${generation}`;
}

/** Whether a name in a folder is a claim of the lock called `lock` there. */
export function isClaim(name: string, lock: string): boolean {
  return generationOf(name, lock) !== undefined;
}

function generationOf(name: string, lock: string): number | undefined {
  if (name === lock) return 1;
  const suffix = name.startsWith(`${lock}.`) ? name.slice(lock.length + 1) : '';
  return /^[1-9]\d{0,8}$/.test(suffix) && suffix !== '1' ? Number(suffix) : undefined;
}

/** Every claim of the lock at `path`, the latest last. @throws The system's error. */
export async function listClaims(path: string): Promise<Claim[]> {
  const [folder, lock] = [dirname(path), basename(path)];
  const claims: Claim[] = [];
  for (const name of await readdir(folder)) {
    const generation = generationOf(name, lock);
    const claim = generation && (await readClaim(join(folder, name), generation));
    if (claim) claims.push(claim);
  }
  return claims.sort((a, b) => a.generation - b.generation);
}

/**
 * Reads a claim; undefined when it is gone. The file is opened each time, because network file systems promise that
 * what others did is seen after an open.
 */
export async function readClaim(path: string, generation: number): Promise<Claim | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const text = await file.readFile('utf8');
      const { ino, mtimeNs } = await file.stat({ bigint: true });
      return { path, generation, owner: parse(text), state: `${ino} ${mtimeNs} ${text}` };
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ESTALE: a network file system noticed between open and read that the file is gone.
    if (code === 'ENOENT' || code === 'ESTALE') return undefined;
    throw error;
  }
}

function parse(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Owner> | null;
    if (typeof value?.pid === 'number' && typeof value.host === 'string') {
      return { id: '', ...value } as Owner;
    }
  } catch {
    // Being written at this moment, or cut short by a crash.
  }
  return undefined;
}
