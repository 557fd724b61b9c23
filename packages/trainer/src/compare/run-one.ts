import { readFile, stat } from 'node:fs/promises';
import { atomicWrite } from '@genesis/core/node';
import { evaluate } from '../api/evaluate.js';
import { trainAs } from '../api/train-task.js';
import { TrainerError } from '../errors.js';
import { runPaths } from '../run/layout.js';
import { type EpochRecord, readMetrics } from '../run/metrics.js';
import type { RunInfo } from '../run/run-info.js';
import { findTask } from '../tasks/registry.js';
import type { TrainingHooks } from '../training/run-context.js';
import { version } from '../version.js';
import type { FinetuneRecord, PlannedRun, RunRecord } from './api.js';
import type { ExperimentPaths } from './layout.js';
import { recipeOf } from './plan-runs.js';
import { recordPath } from './records.js';
import { testList } from './write-datalists.js';

export interface RunOneOpts extends Pick<TrainingHooks, 'signal' | 'onEvent'> {
  /** Threads of the engine. Default: all cores. */
  readonly threads?: number;
}

/**
 * Does one run, or goes on with it, evaluates it on the test cases and writes its record.
 *
 * @returns undefined when it was interrupted; what it did so far is kept.
 * @throws TrainerError and what training and evaluation throw.
 */
export async function runOne(
  run: PlannedRun,
  runs: readonly PlannedRun[],
  paths: ExperimentPaths,
  { threads, ...hooks }: RunOneOpts,
): Promise<RunRecord | undefined> {
  const folder = String(run.options.out);
  const place = runPaths(folder);
  const resume = await exists(place.last);
  const task = await findTask(run.kind === 'pretrain' ? 'pretrain' : run.options.task).load();
  const trained = await trainAs(task, { ...run.options, threads, resume, ...hooks });
  if (trained.reason === 'interrupted') return undefined;
  const info = JSON.parse(await readFile(place.info, 'utf8')) as RunInfo;
  const metrics = await readMetrics(place.metrics);
  const epochs = metrics.filter((record): record is EpochRecord => record.kind === 'epoch');
  const record: RunRecord = {
    id: run.id,
    kind: run.kind,
    recipe: recipeOf(run, runs),
    seconds: epochs.at(-1)?.seconds ?? 0,
    steps: trained.steps,
    version,
    engine: info.engine.name,
  };
  const whole =
    run.kind === 'pretrain' ? record : await evaluated(run, record, info, epochs, paths, threads);
  await atomicWrite(recordPath(paths, run.id), `${JSON.stringify(whole)}\n`);
  return whole;
}

async function evaluated(
  run: PlannedRun & { kind: 'finetune' },
  record: RunRecord,
  { split }: RunInfo,
  epochs: readonly EpochRecord[],
  paths: ExperimentPaths,
  threads: number | undefined,
): Promise<FinetuneRecord> {
  const { task, labels, seed, arm } = run;
  const evaluation = await evaluate({
    model: String(run.options.out),
    images: testList(paths.data, task),
    layout: 'monai',
    strict: true,
    threads,
  });
  if (evaluation.kind !== 'segmentation') {
    throw new TrainerError('bad-argument', `${run.id} is no segmentation`);
  }
  const [seen] = evaluation.seenInTraining;
  if (seen !== undefined) {
    throw new TrainerError('bad-data', `${run.id} was trained on the test case ${seen}`);
  }
  return {
    ...record,
    kind: 'finetune',
    task,
    labels,
    seed,
    arm,
    train: split.train,
    validation: split.validation,
    cases: evaluation.cases.map(({ name, scores }) => ({
      name,
      scores: Object.fromEntries(
        Object.entries(scores).map(([one, { dice }]) => [one, dice ?? null]),
      ),
    })),
    curve: epochs
      .filter(({ validation }) => Number.isFinite(validation.dice))
      .map(({ step, validation }) => ({ step, value: validation.dice })),
  };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
