import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { resolveConfig } from '../config/resolve-config.js';
import { TrainerError } from '../errors.js';
import { MACHINE_KEYS } from '../run/option-keys.js';
import { schemaFor } from '../tasks/common/task.js';
import { findTask } from '../tasks/registry.js';
import type { Experiment, PlannedRun } from './api.js';
import type { ExperimentPaths } from './layout.js';
import { pretrainingList, trainList } from './write-datalists.js';

/** What the experiment decides itself. */
const OWN = ['images', 'labels', 'layout', 'out', 'resume', 'seed', 'init'] as const;

/**
 * All runs of an experiment, in the order in which they are worth doing: pre-training first, then seed by seed, so that
 * what there is can be compared at any time.
 *
 * @throws TrainerError 'bad-config' for options that a run would refuse.
 */
export function planRuns(experiment: Experiment, paths: ExperimentPaths): PlannedRun[] {
  const { arms, tasks, labels, seeds } = experiment;
  const used = new Set(Object.values(arms).map(({ pretraining }) => pretraining));
  const runs: PlannedRun[] = Object.entries(experiment.pretraining)
    .filter(([name]) => used.has(name))
    .map(([name, options]) => {
      const id = `pretrain-${name}`;
      const images = pretrainingList(paths.data, name);
      const out = join(paths.runs, id);
      return { kind: 'pretrain', id, name, options: { ...options, images, layout: 'monai', out } };
    });
  for (const seed of seeds) {
    for (const [task, { options }] of Object.entries(tasks)) {
      for (const count of labels) {
        for (const [arm, own] of Object.entries(arms)) {
          const id = `${task}-n${count}-${arm}-s${seed}`;
          const after = own.pretraining && `pretrain-${own.pretraining}`;
          const given = { ...experiment.options, ...options, ...own.options };
          const taken = OWN.find((key) => key in given);
          if (taken) {
            throw new TrainerError(
              'bad-config',
              `the option '${taken}' of the arm '${arm}' is decided by the experiment: leave it out`,
            );
          }
          runs.push({
            kind: 'finetune',
            id,
            task,
            labels: count,
            seed,
            arm,
            after,
            options: {
              task: 'segmentation',
              ...given,
              images: trainList(paths.data, task, count, seed),
              layout: 'monai',
              init: after ? join(paths.runs, after) : (own.init ?? 'none'),
              seed,
              out: join(paths.runs, id),
            },
          });
        }
      }
    }
  }
  for (const run of runs) checkOptions(run);
  return runs;
}

/** Options are checked before the first run, not when their turn comes. */
function checkOptions({ kind, id, options }: PlannedRun): void {
  const entry = findTask(kind === 'pretrain' ? 'pretrain' : options.task, kind);
  try {
    resolveConfig(schemaFor(entry, options), kind === 'pretrain' ? { ...options } : options);
  } catch (error) {
    throw new TrainerError('bad-config', `${id}: ${(error as Error).message}`, { cause: error });
  }
  if (kind === 'finetune' && entry.kind !== 'segmentation') {
    throw new TrainerError(
      'bad-config',
      `${id}: arms are compared on segmentation, not on '${entry.kind}'`,
    );
  }
}

/** Where a run lies and with how many threads it computes is no part of its recipe. */
const PLACES = new Set<string>(['out', 'images', 'labels', 'resume', ...MACHINE_KEYS]);

/** A short hash of a run's options, and of those of the pre-training that it starts from. */
export function recipeOf(run: PlannedRun, runs: readonly PlannedRun[]): string {
  const after = run.kind === 'finetune' ? run.after : undefined;
  const before = runs.find(({ id }) => id === after);
  const kept = Object.entries({
    ...run.options,
    ...(before && { init: recipeOf(before, runs) }),
  })
    .filter(([key]) => !PLACES.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex').slice(0, 16);
}
