import type { ModelCard } from '@genesis/inference';
import type { z } from 'zod';
import type { ReadOnly } from '../config/checked-schema.js';
import { asSavedToday, resolveConfig } from '../config/resolve-config.js';
import { optionsToResume } from '../run/saved-options.js';
import {
  presetsFor,
  schemaFor,
  type Task,
  type TaskDefinition,
  type TaskEvaluation,
  type TaskSchema,
} from '../tasks/common/task.js';
import type { TrainingHooks } from '../training/run-context.js';
import { type TrainingResult, trainRun } from '../training/train-run.js';
import { asksForFolds, trainFolds } from './fold-runs.js';

/**
 * Trains a task, known to the registry or not. Writes a run folder: config.json, run.json, metrics.jsonl, checkpoints,
 * report.html.
 *
 * @throws TrainerError, VolumeIoError, WeightFormatError or EngineUnavailableError; when nothing has been trained yet, no
 *   folder is left.
 */
export async function trainTask<
  S extends TaskSchema,
  E extends TaskEvaluation,
  C extends ModelCard,
>(
  task: TaskDefinition<S, E, C>,
  opts: ReadOnly<z.input<S>> & TrainingHooks,
): Promise<TrainingResult> {
  return trainAs(task, opts);
}

/** The same for a task whose options are checked when it runs. */
export async function trainAs(
  task: Pick<Task, 'options' | 'optionsFor' | 'presets' | 'prepare'>,
  opts: Readonly<Record<string, unknown>> & TrainingHooks,
): Promise<TrainingResult> {
  const { onEvent, signal, replicas, observers, ...given } = opts;
  const before = await optionsToResume(given);
  const schema = schemaFor(task, given, before);
  const saved = asSavedToday(schema, before);
  const presets = presetsFor(task, given, saved);
  const config = resolveConfig(schema, given, { ...presets, ...saved });
  if (!(await asksForFolds(config))) {
    return trainRun(config, schema, opts, (context) => task.prepare(context));
  }
  return trainFolds(config, opts, (own) =>
    trainRun({ ...config, ...own }, schema, opts, (context) => task.prepare(context)),
  );
}
