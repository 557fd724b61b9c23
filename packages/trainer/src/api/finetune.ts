import { optionsToResume } from '../run/saved-options.js';
import type { BuiltInFinetuneOpts } from '../tasks/built-in.js';
import { findTask } from '../tasks/registry.js';
import type { TrainingHooks } from '../training/run-context.js';
import type { TrainingResult } from '../training/train-run.js';
import type { OlderNames } from './images-opt.js';
import { trainAs } from './train-task.js';

/** Options of {@link finetune}, by task. */
export type FinetuneOpts = BuiltInFinetuneOpts & TrainingHooks;

/** `best.validation` holds `loss` and `dice` with `dice:CLASS`, or `accuracy` and `auc`. */
export type FinetuneResult = TrainingResult;

/**
 * Trains a network on labelled volumes, from pre-trained weights (encoder, and decoder for segmentation) or from none; all
 * layers learn. With `resume`, `out` suffices. Writes a run folder that `predict` and `evaluate` take.
 *
 * @throws TrainerError, VolumeIoError, WeightFormatError or EngineUnavailableError; 'weights' when not one layer of
 *   `init` fits. When nothing has been trained yet, no folder is left.
 */
export async function finetune(opts: OlderNames<FinetuneOpts>): Promise<FinetuneResult> {
  const given: Record<string, unknown> = { ...opts };
  const { task } = { ...(await optionsToResume(given)), ...given };
  return trainAs(await findTask(task, 'finetune').load(), given);
}
