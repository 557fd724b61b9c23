import { buildModel } from '@genesis/inference';
import { setWeights } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import { loadRun } from '../run/load-run.js';
import type { LoadedModel, Task } from '../tasks/common/task.js';
import { findTask } from '../tasks/registry.js';

/**
 * Builds the network of a run with its best weights, all of them.
 *
 * @param path - Folder of a run or a weight file out of one.
 * @throws TrainerError 'run-missing' or 'run-broken'.
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const { info, model, file } = await loadTrained(path);
  return { info, model, file };
}

/** The same with the task that it was trained for. */
export async function loadTrained(path: string): Promise<LoadedModel & { readonly task: Task }> {
  const { info, weights, file } = await loadRun(path);
  const task = await findTask(info.kind).load();
  const model = buildModel(info, 0);
  try {
    setWeights(model, weights);
  } catch (cause) {
    model.dispose();
    throw new TrainerError('run-broken', `${file}: ${(cause as Error).message}`, { file, cause });
  }
  return { task, info, model, file };
}
