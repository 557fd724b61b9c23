import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import { TrainerError } from '../errors.js';
import { runPaths } from './layout.js';

/**
 * The options that a run was started with: config.json.
 *
 * @throws TrainerError 'run-missing' when there is none, 'run-broken' when it cannot be read.
 */
export async function readSavedOptions(folder: string): Promise<Record<string, unknown>> {
  const file = runPaths(folder).config;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
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
}

/** The options of the run that `given` asks to resume, so that `out` and `resume` suffice; none for a new run. */
export async function optionsToResume(
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { resume, out } = given;
  return resume === true && typeof out === 'string' ? readSavedOptions(out) : {};
}
