import { holm } from '../statistics/index.js';
import type { Experiment, FinetuneRecord, PlannedRun, RunRecord } from './api.js';
import { type ArmRuns, byArm } from './arm-table.js';
import { type Contrast, contrast } from './contrast.js';
import { type LabelSaving, labelSavings } from './label-saving.js';
import { type ArmSummary, summarizeArm } from './summarize-arm.js';

/** A contrast that was not declared as the primary one. */
export interface SecondaryContrast extends Contrast {
  /** p of the sign-flip test, adjusted for the number of secondary contrasts. */
  readonly adjusted: number;
}

/** What an experiment shows so far; plain data. */
export interface ExperimentSummary {
  readonly name: string;
  readonly ended: number;
  readonly planned: number;
  readonly arms: readonly ArmSummary[];
  /** Left out until both of its arms have a seed in common. */
  readonly primary?: Contrast;
  /** Exploratory. */
  readonly secondary: readonly SecondaryContrast[];
  readonly labelSavings: readonly LabelSaving[];
  /** Training time of each pre-training in seconds. */
  readonly pretraining: Readonly<
    Record<string, { readonly seconds: number; readonly steps: number }>
  >;
  /** The primary contrast as a sentence for a paper. */
  readonly sentence?: string;
  readonly versions: readonly string[];
  readonly engines: readonly string[];
  readonly licenses: Readonly<Record<string, string>>;
}

/** Compares the runs that have ended. */
export function summarize(
  experiment: Experiment,
  runs: readonly PlannedRun[],
  records: ReadonlyMap<string, RunRecord>,
): ExperimentSummary {
  const all = [...records.values()];
  const finetuned = all.filter((one): one is FinetuneRecord => one.kind === 'finetune');
  const groups = byArm(finetuned);
  const find = (task: string, labels: number, arm: string): ArmRuns | undefined =>
    groups.find((one) => one.task === task && one.labels === labels && one.arm === arm);
  const { arm, against, task, labels } = experiment.primary;
  const { smallestEffect } = experiment;
  const first = find(task, labels, arm);
  const second = find(task, labels, against);
  const primary =
    first && second && shared(first, second) > 0
      ? contrast(first, second, { smallestEffect })
      : undefined;
  const others = groups.flatMap((group) => {
    const base = find(group.task, group.labels, against);
    const isPrimary = group.arm === arm && group.task === task && group.labels === labels;
    if (!base || base === group || isPrimary || shared(group, base) < 2) return [];
    return [contrast(group, base, { smallestEffect })];
  });
  const adjusted = holm(others.map(({ signFlip }) => signFlip.p));
  const summaries = groups.map(summarizeArm);
  return {
    name: experiment.name,
    ended: records.size,
    planned: runs.length,
    arms: summaries,
    primary,
    secondary: others.map((one, n) => ({ ...one, adjusted: adjusted[n] })),
    labelSavings: labelSavings(summaries, against),
    pretraining: Object.fromEntries(
      runs.flatMap((run) => {
        const record = records.get(run.id);
        if (run.kind !== 'pretrain' || !record) return [];
        return [[run.name, { seconds: record.seconds, steps: record.steps }]];
      }),
    ),
    sentence: primary && sentenceOf(primary),
    versions: [...new Set(all.map(({ version }) => version))],
    engines: [...new Set(all.map(({ engine }) => engine))],
    licenses: Object.fromEntries(
      Object.entries(experiment.tasks).flatMap(([name, { license }]) =>
        license === undefined ? [] : [[name, license]],
      ),
    ),
  };
}

function shared(a: ArmRuns, b: ArmRuns): number {
  return a.records.filter(({ seed }) => b.records.some((one) => one.seed === seed)).length;
}

function sentenceOf(one: Contrast): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
  const { interval, effect, signFlip } = one;
  const seeds = one.seeds.length;
  const p = signFlip.p < 0.001 ? 'p < 0.001' : `p = ${signFlip.p.toFixed(3)}`;
  const size = Number.isFinite(effect.dz) ? `, d_z = ${effect.dz.toFixed(2)}` : '';
  return (
    `On ${one.cases} test cases of ${one.task} with ${one.labels} labelled cases for training, ${seeds} paired ${seeds === 1 ? 'run' : 'runs'}, ` +
    `${one.arm} differs from ${one.against} by ${signed(one.mean)} in mean Dice ` +
    `(95 % interval ${signed(interval.low)} to ${signed(interval.high)} by resampling runs and cases; sign-flip ${p}${size}).`
  );
}
