import { TrainerError } from '../errors.js';
import { runPaths } from './layout.js';
import { readRunInfo } from './run-info.js';

/**
 * Makes sure that a run to be resumed is one of these tasks.
 *
 * @param command - The one that trains them, for the message.
 * @throws TrainerError 'bad-argument'.
 */
export async function checkStage(
  folder: string,
  kinds: readonly string[],
  command: string,
): Promise<void> {
  const kind = (await readRunInfo(runPaths(folder)))?.model?.kind;
  if (kind === undefined || kinds.includes(kind)) return;
  throw new TrainerError(
    'bad-argument',
    `cannot resume ${folder}: it is a run of the task ${kind}, which genesis ${command} does not train`,
    { file: folder },
  );
}
