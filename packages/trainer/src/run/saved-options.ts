import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { systemReason } from '@genesis/core/node';
import { TrainerError } from '../errors.js';
import { FOLDS_FILE, type StartedFolds } from './folds-file.js';
import { runPaths } from './layout.js';
import { DATA_KEYS } from './option-keys.js';
import { readRunInfo } from './run-info.js';

/** Options that are paths of what a run reads. */
export const INPUT_KEYS = ['init', ...DATA_KEYS] as const;

/**
 * The options that a run (config.json), or the folds in a folder (folds.json), were started with. Relative paths begin at the folder in which the run was started, and here where
 * they lead nowhere from there, as in a tree that was moved as a whole.
 *
 * @throws TrainerError 'run-missing' when there is none, 'run-broken' when it cannot be read.
 */
export async function readSavedOptions(folder: string): Promise<Record<string, unknown>> {
  const paths = runPaths(folder);
  const file = paths.config;
  let saved: Record<string, unknown>;
  try {
    saved = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    const folds = await readFile(join(folder, FOLDS_FILE), 'utf8').catch(() => undefined);
    if (folds !== undefined) {
      const { cwd, options } = JSON.parse(folds) as StartedFolds;
      return fromFolder(options, cwd);
    }
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new TrainerError('run-missing', `${folder} holds no run that could be resumed`, {
        file: folder,
      });
    }
    throw new TrainerError('run-broken', `${file} cannot be read: ${systemReason(cause)}`, {
      file,
      cause,
    });
  }
  return fromFolder(saved, (await readRunInfo(paths))?.cwd);
}

/** The options with relative paths of inputs beginning at the folder in which they were given, where something is there. */
async function fromFolder(
  options: Readonly<Record<string, unknown>>,
  startedIn: string | undefined,
): Promise<Record<string, unknown>> {
  const saved = { ...options };
  if (startedIn === undefined || startedIn === process.cwd()) return saved;
  for (const key of INPUT_KEYS) {
    const path = saved[key];
    if (typeof path !== 'string' || isAbsolute(path)) continue;
    const there = resolve(startedIn, path);
    if (await isThere(there)) saved[key] = there;
  }
  return saved;
}

/**
 * The options of the run that `given` asks to resume, so that `out` and `resume` suffice; none for a new run.
 *
 * @throws TrainerError as `readSavedOptions`, and 'data-changed' when its data are not where they were and `given` does not say where.
 */
export async function optionsToResume(
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { resume, out } = given;
  if (resume !== true || typeof out !== 'string') return {};
  const saved = await readSavedOptions(out);
  for (const key of ['images', 'labels']) {
    const path = saved[key];
    if (typeof path !== 'string' || given[key] !== undefined || (await isThere(path))) continue;
    throw new TrainerError(
      'data-changed',
      `cannot resume ${out}: its ${key} are not at ${path} any more; say where they are with --${key} and --moved`,
      { file: path },
    );
  }
  return saved;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
