import { rm, stat } from 'node:fs/promises';
import { atomicWrite } from '@genesis/core/node';
import type { ModelCard } from '@genesis/inference';
import { getWeights, type Optimizer, setWeights } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import { loadCheckpoint, saveCheckpoint } from '../run/checkpoint.js';
import {
  createMetricsLog,
  type MetricsRecord,
  readMetrics,
  rewindMetrics,
} from '../run/metrics.js';
import type { Run } from '../run/open-run.js';
import type { LoopOpts, LoopState, StopReason, TrainingTask } from './api.js';
import type { OnEvent } from './events.js';
import { initialState, runLoop } from './run-loop.js';
import type { ScheduleOpts } from './schedule.js';

/** Seconds between two reports while a run is going on. */
const REPORT_EVERY = 30;

export interface TrainInRunOpts {
  readonly run: Run;
  readonly resume: boolean;
  readonly task: TrainingTask;
  readonly optimizer: Optimizer;
  readonly schedule: ScheduleOpts;
  readonly limits: Pick<LoopOpts, 'epochs' | 'patience' | 'maxSeconds' | 'clipNorm'>;
  readonly info: ModelCard;
  readonly hooks: {
    readonly onEvent?: OnEvent;
    readonly signal?: AbortSignal;
    readonly reduceGradients?: LoopOpts['reduceGradients'];
  };
  /** Called after each checkpoint. */
  readonly onSaved?: () => void;
  /** The report's HTML from all records so far. */
  readonly report: (records: readonly MetricsRecord[]) => Promise<string>;
}

export interface TrainedRun {
  readonly state: LoopState;
  readonly reason: StopReason;
  readonly records: readonly MetricsRecord[];
}

/**
 * Runs the training loop inside a run folder: metrics, best and last checkpoint, report; continues from the last
 * checkpoint with `resume`. When it returns, the network holds the last weights and everything is on disk.
 *
 * @throws TrainerError of the loop, or 'write-failed'; the checkpoints saved before stay valid.
 */
export async function trainInRun(opts: TrainInRunOpts): Promise<TrainedRun> {
  const { run, task, optimizer, info } = opts;
  const { onEvent, signal, reduceGradients } = opts.hooks;
  const { paths } = run;
  const start = opts.resume ? await restore(opts) : initialState(opts.schedule);
  const log = createMetricsLog(paths.metrics);
  let reportedAt = performance.now();
  const save = async (state: LoopState): Promise<void> => {
    const [weights, memory] = [await getWeights(task.model), await optimizer.state()];
    await saveCheckpoint(paths.last, { weights, optimizer: memory, state, model: info });
    opts.onSaved?.();
  };
  const writeReport = async (): Promise<MetricsRecord[]> => {
    const records = await readMetrics(paths.metrics);
    await atomicWrite(paths.report, await opts.report(records));
    reportedAt = performance.now();
    return records;
  };
  onEvent?.({
    type: 'begin',
    epochs: opts.limits.epochs,
    stepsPerEpoch: task.stepsPerEpoch,
    step: start.step,
    maxSeconds: opts.limits.maxSeconds,
  });
  const result = await runLoop(
    {
      task,
      optimizer,
      schedule: opts.schedule,
      ...opts.limits,
      ...(signal ? { signal } : {}),
      ...(reduceGradients ? { reduceGradients } : {}),
      hooks: {
        onStep(progress) {
          log.add({
            kind: 'step',
            step: progress.step,
            epoch: progress.epoch + 1,
            loss: progress.loss,
          });
          onEvent?.({ type: 'step', progress });
        },
        async onEpoch(epoch, state) {
          const { validation, isBest, partial, ...rest } = epoch;
          log.add({
            kind: 'epoch',
            ...rest,
            validation: validation.values,
            best: isBest,
            ...(partial ? { partial } : {}),
          });
          await log.flush();
          if (isBest) {
            const weights = await getWeights(task.model);
            const best = { epoch: epoch.epoch, step: epoch.step, validation: validation.values };
            await saveCheckpoint(paths.best, { weights, state: best, model: info });
          }
          await save(state);
          onEvent?.({ type: 'epoch', result: epoch });
          if (performance.now() - reportedAt > REPORT_EVERY * 1000) await writeReport();
        },
      },
    },
    start,
  );
  await log.flush();
  if (result.reason === 'interrupted') await save(result.state);
  const records = await writeReport();
  onEvent?.({ type: 'end', reason: result.reason });
  return { ...result, records };
}

/** Puts weights, optimiser and metrics back to the last checkpoint; from the beginning when there is none yet. */
async function restore(opts: TrainInRunOpts): Promise<LoopState> {
  const { paths } = opts.run;
  if (!(await stat(paths.last).catch(() => undefined))) {
    opts.hooks.onEvent?.({ type: 'note', text: 'no checkpoint yet: starting from the beginning' });
    await rm(paths.metrics, { force: true });
    return initialState(opts.schedule);
  }
  const checkpoint = await loadCheckpoint<LoopState>(paths.last);
  try {
    setWeights(opts.task.model, checkpoint.weights);
    opts.optimizer.setState(checkpoint.optimizer ?? new Map());
  } catch (cause) {
    throw new TrainerError(
      'run-broken',
      `${paths.last} does not fit this run: ${(cause as Error).message}`,
      {
        file: paths.last,
        cause,
      },
    );
  }
  const { state } = checkpoint;
  await rewindMetrics(paths.metrics, state.step, state.epoch);
  opts.hooks.onEvent?.({
    type: 'note',
    text: `resuming in epoch ${state.epoch + 1}, after step ${state.step}`,
  });
  return state;
}
