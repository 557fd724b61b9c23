import type { BuiltInPretrainOpts, DeformationOpts } from '../tasks/built-in.js';
import { tasksOf } from '../tasks/registry.js';
import type { TrainingHooks } from '../training/run-context.js';
import type { TrainingResult } from '../training/train-run.js';
import type { OlderNames } from './images-opt.js';
import { trainAs } from './train-task.js';

/** Options of {@link pretrain}. */
export interface PretrainOpts extends BuiltInPretrainOpts, TrainingHooks {
  /** @deprecated The older name of `proxyOptions`, for the proxy task 'genesis'. */
  readonly deformations?: DeformationOpts;
}

/**
 * `best.validation` holds `loss` (mean squared error), `identityMse` and their `ratio`; where labels are told, `loss`
 * (cross-entropy), `accuracy` and `chance`.
 */
export type PretrainResult = TrainingResult;

/**
 * Pre-trains a network on unlabelled volumes: cuts crops on demand, deforms them, trains the network to restore them
 * (Zhou et al., Models Genesis, 2021, section 3). Writes a run folder: config.json, run.json, metrics.jsonl, checkpoints,
 * report.html.
 *
 * @throws TrainerError, VolumeIoError or EngineUnavailableError; when nothing has been trained yet, no folder is left.
 */
export async function pretrain(opts: OlderNames<PretrainOpts>): Promise<PretrainResult> {
  const [task] = tasksOf('pretrain');
  return trainAs(await task.load(), { ...opts });
}
