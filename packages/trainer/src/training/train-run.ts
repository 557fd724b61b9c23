import type { ModelCard } from '@genesis/inference';
import type { Engine } from '@genesis/unet3d';
import type { FinetuneConfig, PretrainConfig } from '../config/schema.js';
import type { TransferReport } from '../model/init-weights.js';
import { describeEngine, openEngine } from '../model/open-engine.js';
import type { MetricsRecord } from '../run/metrics.js';
import { openRun, type Run } from '../run/open-run.js';
import { writeRunInfo } from '../run/run-info.js';
import { withBestWeights } from '../run/with-best-weights.js';
import type { LoopOpts, LoopState, StopReason, TrainingTask } from './api.js';
import { createOptimizer, DEFAULT_LEARNING_RATE } from './create-optimizer.js';
import type { OnEvent } from './events.js';
import type { ScheduleOpts } from './schedule.js';
import { trainInRun } from './train-in-run.js';

/** What a caller of a training command can watch and steer. */
export interface TrainingHooks {
  readonly onEvent?: OnEvent;
  /** Aborted: finish the step, save, and resolve with the reason 'interrupted'. */
  readonly signal?: AbortSignal;
  /** Data-parallel training averages gradients here; see LoopOpts. */
  readonly reduceGradients?: LoopOpts['reduceGradients'];
}

/** How a training command ended; plain data. */
export interface TrainingResult {
  readonly reason: StopReason;
  /** Folder of the run. */
  readonly run: string;
  /** Path of report.html. */
  readonly report: string;
  /** Epochs completed. */
  readonly epochs: number;
  readonly steps: number;
  /** The epoch whose weights are in checkpoints/best.safetensors; null when none was validated. */
  readonly best: {
    readonly epoch: number;
    readonly validation: Readonly<Record<string, number>>;
  } | null;
}

/** A task with everything that belongs to its run. */
export interface TrainingPlan {
  readonly info: ModelCard;
  readonly task: TrainingTask;
  /** Names of the volumes on each side of the split. */
  readonly split: { readonly train: readonly string[]; readonly validation: readonly string[] };
  readonly transfer?: TransferReport;
  /** The report's HTML; the network holds the best weights during the call. */
  report(records: readonly MetricsRecord[]): Promise<string>;
  /** Frees what the task holds beside the network. */
  close(): Promise<void>;
}

/**
 * The part that pre-training and fine-tuning share: run folder and lock, engine, loop, checkpoints, report. What was
 * made is removed again when it fails before the first checkpoint.
 */
export async function trainRun(
  config: PretrainConfig | FinetuneConfig,
  hooks: TrainingHooks,
  prepare: () => Promise<TrainingPlan>,
): Promise<TrainingResult> {
  const run = await openRun(config.out, config, config.resume);
  let isSaved = false;
  try {
    const engine = await openEngine({ engine: config.engine, threads: config.threads });
    hooks.onEvent?.({ type: 'note', text: 'reading volumes …' });
    const plan = await prepare();
    try {
      return await train(config, hooks, run, engine, plan, () => {
        isSaved = true;
      });
    } finally {
      await plan.close();
      plan.task.model.dispose();
    }
  } catch (error) {
    if (!isSaved) await run.discard();
    throw error;
  } finally {
    await run.close();
  }
}

async function train(
  config: PretrainConfig | FinetuneConfig,
  hooks: TrainingHooks,
  run: Run,
  engine: Engine,
  plan: TrainingPlan,
  onSaved: () => void,
): Promise<TrainingResult> {
  const { model } = plan.task;
  const { split } = plan;
  const parameters = model.countParams();
  await writeRunInfo(run.paths, {
    model: plan.info,
    parameters,
    engine,
    split,
    transfer: plan.transfer,
  });
  hooks.onEvent?.({
    type: 'note',
    text: `${split.train.length} volumes to train on, ${split.validation.length} for validation; ${parameters.toLocaleString('en')} parameters; engine ${describeEngine(engine)}`,
  });
  const schedule = scheduleOf(config);
  const { state, reason, records } = await trainInRun({
    run,
    resume: config.resume,
    task: plan.task,
    optimizer: createOptimizer(config.optimizer, schedule.learningRate),
    schedule,
    limits: {
      epochs: config.epochs,
      patience: config.patience,
      ...(config.maxMinutes === undefined ? {} : { maxSeconds: config.maxMinutes * 60 }),
      clipNorm: config.clipNorm,
    },
    info: plan.info,
    hooks,
    onSaved,
    report: (all) => withBestWeights(model, run.paths.best, () => plan.report(all)),
  });
  return {
    reason,
    run: run.paths.folder,
    report: run.paths.report,
    epochs: state.epoch,
    steps: state.step,
    best: bestOf(state, records),
  };
}

function scheduleOf(config: PretrainConfig | FinetuneConfig): ScheduleOpts {
  return {
    kind: config.schedule,
    learningRate: config.learningRate ?? DEFAULT_LEARNING_RATE[config.optimizer],
    factor: config.scheduleFactor,
    everyEpochs: config.scheduleEpochs ?? (config.schedule === 'plateau' ? 6 : 40),
    epochs: config.epochs,
  };
}

function bestOf(state: LoopState, records: readonly MetricsRecord[]): TrainingResult['best'] {
  const found = records.findLast(
    (record) => record.kind === 'epoch' && record.epoch === state.best?.epoch && record.best,
  );
  return found?.kind === 'epoch' ? { epoch: found.epoch, validation: found.validation } : null;
}
