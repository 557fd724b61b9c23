import { modelWithWeights } from '@genesis/inference';
import { TrainerError } from '../errors.js';
import { loadRun } from '../run/load-run.js';
import type { LoadedModel, Task } from '../tasks/common/task.js';
import { findTask } from '../tasks/registry.js';

/**
 * Builds the network of a run with its best weights, all of them.
 *
 * @param path - Folder of a run, a weight file out of one, or a published model such as `zoo:NAME`.
 * @throws TrainerError 'run-missing' or 'run-broken'; HubError.
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const { info, model, file } = await loadTrained(path);
  return { info, model, file };
}

/** What may be done to volumes otherwise than in training, and who is told of the model. */
export interface AskedPreparation {
  /** What to do with NaN and infinities. */
  readonly nonFinite?: 'error' | 'zero';
  readonly allowMissingChannels?: boolean;
  readonly resampleChannels?: boolean;
  /** Told what is fetched, and on which terms a published model may be used. */
  readonly onNote?: (text: string) => void;
}

/**
 * The same with the task that it was trained for.
 *
 * @param asked - What is done otherwise than in training.
 */
export async function loadTrained(
  path: string,
  asked: AskedPreparation = {},
): Promise<LoadedModel & { readonly task: Task }> {
  const { info: card, weights, file } = await loadRun(path, asked.onNote);
  const { preparation } = card;
  const info = {
    ...card,
    preparation: {
      ...preparation,
      nonFinite: asked.nonFinite ?? preparation.nonFinite,
      allowMissing: asked.allowMissingChannels ?? preparation.allowMissing,
      resampleChannels: asked.resampleChannels ?? preparation.resampleChannels,
    },
  };
  const task = await findTask(info.kind).load();
  try {
    return { task, info, model: modelWithWeights({ card: info, weights }), file };
  } catch (cause) {
    throw new TrainerError('run-broken', `${file}: ${(cause as Error).message}`, { file, cause });
  }
}
