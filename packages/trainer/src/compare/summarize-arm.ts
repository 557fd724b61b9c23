import { type Interval, mean, meanInterval, standardDeviation } from '../statistics/index.js';
import { type ArmRuns, caseScore, FAILED_BELOW } from './arm-table.js';

/** What an arm reached; scores are Dice, 0…1. */
export interface ArmSummary {
  readonly task: string;
  readonly labels: number;
  readonly arm: string;
  readonly seeds: readonly number[];
  /** Mean over the test cases, for each seed. */
  readonly bySeed: readonly number[];
  readonly mean: number;
  /** Over seeds. */
  readonly sd: number;
  /** Of the mean, over seeds, by Student's t. */
  readonly interval: Interval;
  readonly classes: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
  /** The case with the lowest mean over seeds. */
  readonly worst: { readonly name: string; readonly mean: number };
  /** Classes that were not found (mean below 0.1), counted over seeds. */
  readonly notFound: number;
  /** Training time of all its fine-tunings in seconds. */
  readonly seconds: number;
}

export function summarizeArm({ task, labels, arm, records }: ArmRuns): ArmSummary {
  const bySeed = records.map(({ cases }) =>
    mean(cases.map(({ scores }) => caseScore(scores)).filter((one) => one !== undefined)),
  );
  const names = Object.keys(records[0].cases[0]?.scores ?? {});
  const perClass = names.map((name) => ({
    name,
    values: records.map(({ cases }) =>
      mean(cases.map(({ scores }) => scores[name]).filter((one) => one !== null)),
    ),
  }));
  const perCase = records[0].cases.map(({ name }) => ({
    name,
    mean: mean(
      records
        .map(({ cases }) => caseScore(cases.find((one) => one.name === name)?.scores ?? {}))
        .filter((one) => one !== undefined),
    ),
  }));
  return {
    task,
    labels,
    arm,
    seeds: records.map(({ seed }) => seed),
    bySeed,
    mean: mean(bySeed),
    sd: standardDeviation(bySeed),
    interval: meanInterval(bySeed),
    classes: Object.fromEntries(
      perClass.map(({ name, values }) => [
        name,
        { mean: mean(values), sd: standardDeviation(values) },
      ]),
    ),
    worst: perCase.reduce((a, b) => (b.mean < a.mean ? b : a)),
    notFound: perClass.reduce(
      (sum, { values }) => sum + values.filter((value) => value < FAILED_BELOW).length,
      0,
    ),
    seconds: records.reduce((sum, record) => sum + record.seconds, 0),
  };
}
