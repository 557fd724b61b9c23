import { stat } from 'node:fs/promises';
import type { TrainingConfig } from '../config/fields.js';
import type { ConfigSchema } from '../config/resolve-config.js';
import { describeEngine, openEngine } from '../model/open-engine.js';
import { slowEngineLine } from '../model/slow-engine.js';
import { plural } from '../plural.js';
import type { ReportData } from '../report/api.js';
import type { RunPaths } from '../run/layout.js';
import { readMetrics } from '../run/metrics.js';
import { attachRun, openRun } from '../run/open-run.js';
import { readRunInfo } from '../run/run-info.js';
import { withBestWeights } from '../run/with-best-weights.js';
import { writeRunInfo } from '../run/write-run-info.js';
import type { LoopState, StopReason, TrainingPlan } from './api.js';
import type { TrainingObserver } from './observer.js';
import { checkpoint } from './observers/checkpoint.js';
import { earlyStopping } from './observers/early-stopping.js';
import { health } from './observers/health.js';
import { metrics } from './observers/metrics.js';
import { ownership } from './observers/ownership.js';
import { progress } from './observers/progress.js';
import { report } from './observers/report.js';
import type { TensorboardObserver } from './observers/tensorboard.js';
import { type Replicas, singleProcess } from './replicas/replicas.js';
import { resume } from './resume.js';
import type { RunContext, TrainingHooks } from './run-context.js';
import { createSession } from './session.js';
import { resumeTogether, startTogether } from './start-together.js';
import { availableMemory, memoryLine } from './step-memory.js';
import { train } from './train.js';
import { tune } from './tune/tune.js';

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
  /** Of several folds: each one's. Then `epochs` and `steps` are their sums, `report` is the last one's. */
  readonly folds?: readonly TrainingResult[];
}

/**
 * The frame of every training: run folder and lock, engine, plan, observers, loop. What was made is removed again when
 * it fails before the first checkpoint. When it returns, everything is on disk.
 *
 * @param schema - Of the options, to compare them with those that a resumed run was started with.
 * @throws TrainerError of the loop or the plan, GenesisError 'write-failed'; checkpoints saved before stay valid.
 */
export async function trainRun<C extends TrainingConfig>(
  config: C,
  schema: ConfigSchema,
  hooks: TrainingHooks,
  prepare: (context: RunContext<C>) => Promise<TrainingPlan>,
): Promise<TrainingResult> {
  const { replicas = singleProcess, onEvent: emit = () => undefined } = hooks;
  const run =
    replicas.rank === 0
      ? await openRun(config.out, config, config.resume, schema, (text) =>
          emit({ type: 'note', text }),
        )
      : attachRun(config.out);
  try {
    await replicas.barrier();
    const context: RunContext<C> = {
      config,
      run,
      previous: config.resume ? await readRunInfo(run.paths) : undefined,
      engine: await openEngine({
        engine: config.engine,
        threads: config.threads,
        share: replicas.localSize,
      }),
      replicas,
      observers: hooks.observers ?? [],
      signal: hooks.signal,
      emit,
    };
    const slow = slowEngineLine(context.engine);
    if (slow !== undefined && replicas.rank === 0) emit({ type: 'warning', text: slow });
    context.emit({ type: 'note', text: 'reading volumes …' });
    const plan = await prepare(context);
    try {
      return await trainPlan(context, plan);
    } finally {
      await plan.close?.();
      plan.model.dispose();
    }
  } catch (error) {
    if (!(await stat(run.paths.last).catch(() => undefined))) await run.discard();
    throw error;
  } finally {
    await run.close();
  }
}

async function trainPlan(context: RunContext, plan: TrainingPlan): Promise<TrainingResult> {
  const { config, run, engine, emit } = context;
  const { info, split, data, transfer, augmentation } = plan;
  const parameters = plan.model.countParams();
  emit({
    type: 'note',
    text: `${plural(split.train.length, 'volume')} to train on, ${split.validation.length} for validation; ${parameters.toLocaleString('en')} parameters; engine ${describeEngine(engine)}`,
  });
  sayMemory(context, plan);
  await startTogether(context, plan);
  const begunAt = performance.now();
  const { length, planned, learningRate } = await tune(
    context,
    plan,
    emit,
    begunAt,
    context.previous,
  );
  if (context.replicas.rank === 0) {
    const facts = {
      model: info,
      parameters,
      engine,
      split,
      data,
      transfer,
      augmentation,
      length: planned,
      learningRate,
    };
    await writeRunInfo(run.paths, facts, context.previous);
  }
  const session = createSession(context, plan, await observersOf(context, plan), {
    length,
    learningRate,
    begunAt,
  });
  if (config.resume) {
    await resume(session, run.paths.last, emit);
    await resumeTogether(context, plan, session);
  }
  emit({
    type: 'begin',
    ...length,
    step: session.state.step,
    maxSeconds: config.maxMinutes === undefined ? undefined : config.maxMinutes * 60,
  });
  const reason = await train(session).finally(() => session.dispose());
  emit({ type: 'end', reason });
  return {
    reason,
    run: run.paths.folder,
    report: run.paths.report,
    epochs: session.state.epoch,
    steps: session.state.step,
    best: await fromFirst(context.replicas, () => bestOf(session.state, run.paths.metrics)),
  };
}

/** Says before the first step what it will take of this machine's memory, and warns where that is more than is free. */
function sayMemory(
  { config, engine, replicas, emit }: RunContext,
  { model, batchSize }: TrainingPlan,
): void {
  // Measured on this engine alone.
  if (engine.name !== 'native' || replicas.rank > 0) return;
  const parts = (config.accumulate ?? 1) * replicas.size;
  const free = availableMemory() / replicas.localSize;
  const line = memoryLine({ model, samples: batchSize / parts, parts }, free);
  if (line !== undefined) emit({ type: line.enough ? 'note' : 'warning', text: line.text });
}

/** The run's own observers and the caller's, in the order in which they are told. */
async function observersOf(
  { config, run, replicas, observers, emit }: RunContext,
  plan: TrainingPlan,
): Promise<TrainingObserver[]> {
  const { paths } = run;
  const page = (): Promise<ReportData> =>
    withBestWeights(plan.model, paths.best, async () =>
      plan.report(await readMetrics(paths.metrics)),
    );
  const events = config.tensorboard && replicas.rank === 0 ? await openEvents(paths) : undefined;
  return [
    health(),
    earlyStopping(config.patience),
    ...observers,
    // One process writes; the checkpoint holds what those above remember.
    ...(replicas.rank === 0
      ? [ownership(run), metrics(paths.metrics), checkpoint(paths, plan.info)]
      : []),
    ...(events ? [events] : []),
    progress(emit),
    ...(replicas.rank === 0 ? [report(paths.report, page, events?.showPictures)] : []),
  ];
}

/** Loaded only where it is asked for. */
async function openEvents({ events }: RunPaths): Promise<TensorboardObserver> {
  const { tensorboard } = await import('./observers/tensorboard.js');
  return tensorboard(events);
}

/** What the process that writes finds, in all; they end together, when it has written everything. */
async function fromFirst<T>(replicas: Replicas, find: () => Promise<T>): Promise<T> {
  const found = replicas.rank === 0 ? await find() : null;
  if (replicas.size === 1) return found as T;
  const [first] = await replicas.gather(JSON.stringify(found));
  return JSON.parse(first) as T;
}

async function bestOf(state: LoopState, metricsPath: string): Promise<TrainingResult['best']> {
  const found = (await readMetrics(metricsPath)).findLast(
    (record) => record.kind === 'epoch' && record.epoch === state.best?.epoch && record.best,
  );
  return found?.kind === 'epoch' ? { epoch: found.epoch, validation: found.validation } : null;
}
