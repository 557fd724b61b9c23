import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder, takeLock, writeFailure } from '@genesis/core/node';
import { asSavedToday, type ConfigSchema } from '../config/resolve-config.js';
import { TrainerError } from '../errors.js';
import { type RunPaths, runPaths } from './layout.js';
import { readSavedOptions } from './saved-options.js';

/** Options that may differ when a run is resumed, because the weights do not depend on them. */
const FREE_KEYS = new Set([
  'resume',
  'moved',
  'strict',
  'out',
  'epochs',
  'maxMinutes',
  'patience',
  'workers',
  'cacheMb',
  'threads',
  'engine',
]);

/** Where the data lie: may differ when the user says that they were moved. */
const MOVED_KEYS = new Set(['images', 'labels']);

export interface Run {
  readonly paths: RunPaths;
  /** Gives the lock back. */
  close(): Promise<void>;
  /** Removes what `openRun` made, when the run failed before its first checkpoint. */
  discard(): Promise<void>;
}

/**
 * Creates the folder of a new run, or opens the one to be resumed, and locks it.
 *
 * @param config - Resolved options; saved as config.json.
 * @param schema - Of the options, for runs that an earlier version has saved.
 * @throws TrainerError 'run-exists' when the folder holds files and `resume` is false, 'run-missing' when there is
 *   nothing to resume, 'bad-argument' when an option differs from the run's, 'run-locked', 'write-failed'.
 */
export async function openRun(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  resume: boolean,
  schema?: ConfigSchema,
): Promise<Run> {
  const paths = runPaths(folder);
  const content = await listFolder(folder);
  if (resume) await checkSameRun(paths, config, schema);
  else if (content && content.length > 0) {
    const isRun = content.includes('config.json');
    throw new TrainerError(
      'run-exists',
      isRun
        ? `${folder} already holds a run: add --resume to continue it, or choose another --out`
        : `${folder} is not empty: choose another --out`,
      { file: folder },
    );
  }
  let created: string | undefined;
  try {
    created = await makeFolder(folder);
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
  const removeCreated = async (): Promise<void> => {
    if (created !== undefined) await rm(created, { recursive: true, force: true });
  };
  const release = await takeLock(paths.lock).catch(async (error: unknown) => {
    await removeCreated();
    throw error;
  });
  const run: Run = {
    paths,
    close: release,
    async discard() {
      if (!resume) {
        for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
        await removeCreated();
      }
      await release();
    },
  };
  try {
    await atomicWrite(paths.config, `${JSON.stringify(config, null, 2)}\n`);
  } catch (error) {
    await run.discard();
    throw error;
  }
  return run;
}

/** The run in `folder` for a process that only reads there, beside the one that has opened it. */
export function attachRun(folder: string): Run {
  const nothing = async (): Promise<void> => undefined;
  return { paths: runPaths(folder), close: nothing, discard: nothing };
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
    if (before === now) continue;
    throw new TrainerError(
      'bad-argument',
      `cannot resume ${paths.folder}: it was started with ${key} = ${before ?? 'the default'}, not ${now ?? 'the default'}`,
      { file: paths.config },
    );
  }
}
