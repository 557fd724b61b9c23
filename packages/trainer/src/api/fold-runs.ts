import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder, writeFailure } from '@genesis/core/node';
import { readSplitFile } from '../data/read-split-file.js';
import { TrainerError } from '../errors.js';
import { FOLDS_FILE, foldFolder, type StartedFolds } from '../run/folds-file.js';
import { runPaths } from '../run/layout.js';
import { singleProcess } from '../training/replicas/replicas.js';
import type { TrainingHooks } from '../training/run-context.js';
import type { TrainingResult } from '../training/train-run.js';

/** Options of a training as far as folds are concerned. */
interface FoldConfig {
  readonly out: string;
  readonly resume: boolean;
  readonly folds?: number;
  readonly fold?: number | 'all';
  readonly split?: string;
  readonly epochs: number;
  readonly maxMinutes?: number;
  readonly patience: number;
}

/** What a fold that has ended leaves beside its run. */
const RESULT = 'result.json';

/**
 * Whether these options ask for runs in the folders `fold0`, `fold1`, … of `out`, and not for one run: not where one of these is
 * itself resumed.
 */
export async function asksForFolds(config: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { out, resume, fold, folds } = config as Partial<FoldConfig>;
  if ((fold === undefined && folds === undefined) || out === undefined) return false;
  return !(resume && (await exists(runPaths(out).config)));
}

/**
 * Trains one fold or all, one after the other, each a run of its own. Resumed, folds that have ended are passed over, one that was
 * interrupted goes on, the others begin.
 *
 * @param train - Trains one run; given the options that differ.
 * @returns What the folds came to together; `folds` holds each.
 * @throws TrainerError of a fold; those before it stay as they are.
 */
export async function trainFolds<C extends FoldConfig>(
  config: C,
  hooks: TrainingHooks,
  train: (own: { out: string; fold: number; resume: boolean }) => Promise<TrainingResult>,
): Promise<TrainingResult> {
  const { out, resume } = config;
  const emit = hooks.onEvent ?? (() => undefined);
  const isFirst = (hooks.replicas ?? singleProcess).rank === 0;
  const chosen = await foldsOf(config);
  if (isFirst && !resume) {
    try {
      await makeFolder(out);
    } catch (cause) {
      throw writeFailure(out, cause);
    }
    const started: StartedFolds = {
      cwd: process.cwd(),
      options: Object.fromEntries(Object.entries(config)),
    };
    await atomicWrite(join(out, FOLDS_FILE), `${JSON.stringify(started, null, 2)}\n`);
  }
  const results: TrainingResult[] = [];
  for (const fold of chosen) {
    const folder = foldFolder(out, fold);
    const before = resume ? await readResult(folder, lengthOf(config)) : undefined;
    if (before) {
      results.push(before);
      continue;
    }
    if (chosen.length > 1) {
      emit({
        type: 'note',
        text: `fold ${fold} (${chosen.indexOf(fold) + 1} of ${chosen.length})`,
      });
    }
    const goesOn = resume && (await exists(runPaths(folder).config));
    const result = await train({ out: folder, fold, resume: goesOn });
    results.push(result);
    if (result.reason === 'interrupted') break;
    if (isFirst) {
      const ended: EndedFold = { length: lengthOf(config), result };
      await atomicWrite(join(folder, RESULT), `${JSON.stringify(ended)}\n`);
    }
  }
  const last = results[results.length - 1];
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  return {
    reason: last.reason,
    run: out,
    report: last.report,
    epochs: sum(results.map(({ epochs }) => epochs)),
    steps: sum(results.map(({ steps }) => steps)),
    best: null,
    folds: results,
  };
}

/** The numbers of the folds that are asked for. */
async function foldsOf({ fold = 'all', folds, split }: FoldConfig): Promise<number[]> {
  if (fold !== 'all') return [fold];
  const count = folds ?? (split === undefined ? undefined : (await readSplitFile(split)).length);
  if (count !== undefined) return Array.from({ length: count }, (_, n) => n);
  throw new TrainerError(
    'bad-config',
    "the option fold is 'all', but nothing says how many folds there are: give folds, or a split with a list",
  );
}

/** How a fold ended, and what it was to end by: resumed with other limits, it goes on. */
interface EndedFold {
  readonly length: string;
  readonly result: TrainingResult;
}

function lengthOf({ epochs, maxMinutes, patience }: FoldConfig): string {
  return [epochs, maxMinutes, patience].join();
}

async function readResult(folder: string, length: string): Promise<TrainingResult | undefined> {
  const text = await readFile(join(folder, RESULT), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const ended = JSON.parse(text) as EndedFold;
  return ended.length === length ? ended.result : undefined;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
