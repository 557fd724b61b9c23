import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  atomicWrite,
  isClaim,
  isTemporary,
  makeFolder,
  takeLock,
  writeFailure,
} from '@genesis/core/node';
import { asSavedToday, type ConfigSchema } from '../config/resolve-config.js';
import { TrainerError } from '../errors.js';
import { type RunPaths, runPaths } from './layout.js';
import { CALL_KEYS, DATA_KEYS, MACHINE_KEYS } from './option-keys.js';
import { INPUT_KEYS, readSavedOptions } from './saved-options.js';

/** Options that may differ when a run is resumed, because the weights do not depend on them. */
const FREE_KEYS = new Set<string>([
  ...CALL_KEYS,
  ...MACHINE_KEYS,
  ...['epochs', 'maxMinutes', 'patience', 'engine', 'reduceAs', 'bucketMb', 'tensorboard'],
]);

/** Where the data lie: may differ when the user says that they were moved. */
const MOVED_KEYS = new Set<string>(DATA_KEYS);

export interface Run {
  readonly paths: RunPaths;
  /** Gives the lock back. */
  close(): Promise<void>;
  /** Removes what `openRun` made, when the run failed before its first checkpoint and is still this process's. */
  discard(): Promise<void>;
  /** @throws GenesisError 'lock-lost' when another process has taken the run over (see takeLock). */
  assertHeld(): Promise<void>;
}

/**
 * Creates the folder of a new run, or opens the one to be resumed, and locks it.
 *
 * @param config - Resolved options; saved as config.json.
 * @param schema - Of the options, for runs that an earlier version has saved.
 * @param note - Told when it must be watched whether another process still works on the run.
 * @throws TrainerError 'run-exists' when the folder holds files and `resume` is false, 'run-missing' when there is
 *   nothing to resume, 'bad-argument' when an option differs from the run's; GenesisError 'locked', 'write-failed'.
 */
export async function openRun(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  resume: boolean,
  schema?: ConfigSchema,
  note: (text: string) => void = () => undefined,
): Promise<Run> {
  const paths = runPaths(folder);
  const content = await listFolder(folder);
  if (resume) await checkSameRun(paths, config, schema);
  else checkEmpty(paths, content);
  let created: string | undefined;
  try {
    created = await makeFolder(folder);
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
  const removeCreated = async (): Promise<void> => {
    if (created !== undefined) await removeEmpty(folder, created);
  };
  const lock = await takeLock(paths.lock, {
    onWait: (owner, ms) =>
      note(
        `${folder} was left locked${owner ? ` by process ${owner.pid} on ${owner.host}` : ''}: watching for ${Math.round(ms / 1000)} s whether it lives …`,
      ),
  }).catch(async (error: unknown) => {
    await removeCreated();
    throw error;
  });
  const run: Run = {
    paths,
    close: lock.release,
    assertHeld: lock.assertHeld,
    async discard() {
      const ours = await lock.assertHeld().then(
        () => true,
        () => false,
      );
      if (ours && !resume) {
        for (const name of await otherNames(paths)) {
          await rm(join(folder, name), { recursive: true });
        }
      }
      await lock.release();
      if (ours && !resume) await removeCreated();
    },
  };
  try {
    // Another process may have been faster; what it has finished is not ours to remove.
    if (!resume) checkEmpty(paths, await listFolder(folder));
  } catch (error) {
    await lock.release();
    throw error;
  }
  try {
    await removeTemporaries(paths);
    await atomicWrite(paths.config, `${JSON.stringify(config, null, 2)}\n`);
  } catch (error) {
    await run.discard();
    throw error;
  }
  return run;
}

/** @throws TrainerError 'run-exists' when there is more than a killed process leaves before it has begun. */
function checkEmpty({ folder, lock }: RunPaths, content: readonly string[] | undefined): void {
  const names = content?.filter((name) => !isClaim(name, basename(lock)) && !isTemporary(name));
  if (!names?.length) return;
  const isRun = names.includes('config.json');
  throw new TrainerError(
    'run-exists',
    isRun
      ? `${folder} already holds a run: add --resume to continue it, or choose another --out`
      : `${folder} is not empty: choose another --out`,
    { file: folder },
  );
}

/** What is in the run's folder beside its lock. */
async function otherNames({ folder, lock }: RunPaths): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !isClaim(name, basename(lock)));
}

/** Removes the files that a killed process was writing; only for who holds the lock. */
async function removeTemporaries(paths: RunPaths): Promise<void> {
  for (const folder of [paths.folder, dirname(paths.last)]) {
    for (const name of (await listFolder(folder)) ?? []) {
      if (isTemporary(name)) await rm(join(folder, name), { force: true });
    }
  }
}

/** Removes `folder` and those above it up to `topmost`, as long as they are empty. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return; // another process has put something there
    }
    if (path === topmost) return;
  }
}

/** The run in `folder` for a process that only reads there, beside the one that has opened it. */
export function attachRun(folder: string): Run {
  const nothing = async (): Promise<void> => undefined;
  return { paths: runPaths(folder), close: nothing, discard: nothing, assertHeld: nothing };
}

/** Names in the folder; undefined when there is no such folder. */
async function listFolder(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR' && (await stat(folder).catch(() => undefined))?.isFile()) {
      throw new TrainerError('bad-argument', `--out ${folder} is a file, but a run is a folder`, {
        file: folder,
        cause,
      });
    }
    throw writeFailure(folder, cause);
  }
}

async function checkSameRun(
  paths: RunPaths,
  config: Readonly<Record<string, unknown>>,
  schema: ConfigSchema | undefined,
): Promise<void> {
  const found = await readSavedOptions(paths.folder);
  const saved = schema ? asSavedToday(schema, found) : found;
  for (const key of new Set([...Object.keys(saved), ...Object.keys(config)])) {
    if (FREE_KEYS.has(key) || (config.moved === true && MOVED_KEYS.has(key))) continue;
    const [before, now] = [JSON.stringify(saved[key]), JSON.stringify(config[key])];
    if (before === now || (isInput(key) && isSamePath(saved[key], config[key]))) continue;
    throw new TrainerError(
      'bad-argument',
      `cannot resume ${paths.folder}: it was started with ${key} = ${before ?? 'the default'}, not ${now ?? 'the default'}`,
      { file: paths.config },
    );
  }
}

function isInput(key: string): boolean {
  return (INPUT_KEYS as readonly string[]).includes(key);
}

/** Whether two options are the same path, written in two ways. */
function isSamePath(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' && resolve(a) === resolve(b);
}
