import type { FinetuneRecord } from './api.js';

/** Mean Dice below which a class counts as not found. */
export const FAILED_BELOW = 0.1;

/** The mean over classes of a case; undefined where no class has a score. */
export function caseScore(scores: Readonly<Record<string, number | null>>): number | undefined {
  const known = Object.values(scores).filter((value) => value !== null);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
}

/** The runs of one arm on one task with one number of labels, seeds ascending. */
export interface ArmRuns {
  readonly task: string;
  readonly labels: number;
  readonly arm: string;
  readonly records: readonly FinetuneRecord[];
}

/** Records by task, labels and arm, in the order in which they first come. */
export function byArm(records: readonly FinetuneRecord[]): ArmRuns[] {
  const groups = new Map<string, ArmRuns & { records: FinetuneRecord[] }>();
  for (const record of records) {
    const { task, labels, arm } = record;
    const key = JSON.stringify([task, labels, arm]);
    const group = groups.get(key) ?? { task, labels, arm, records: [] };
    groups.set(key, group);
    group.records.push(record);
  }
  for (const { records: own } of groups.values()) own.sort((a, b) => a.seed - b.seed);
  return [...groups.values()];
}

/** Two arms paired by seed: what the first has more than the second, by seed and case. */
export interface PairedScores {
  readonly seeds: readonly number[];
  /** Names of the cases that both have in all seeds. */
  readonly cases: readonly string[];
  /** A row for each seed, a column for each case. */
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
  readonly differences: readonly (readonly number[])[];
}

export function pairScores(a: ArmRuns, b: ArmRuns): PairedScores {
  const pairs = a.records.flatMap((first) => {
    const second = b.records.find(({ seed }) => seed === first.seed);
    return second ? [[scoresOf(first), scoresOf(second)] as const] : [];
  });
  const seeds = a.records
    .map(({ seed }) => seed)
    .filter((seed) => b.records.some((one) => one.seed === seed));
  const [start] = pairs;
  const cases = start
    ? [...start[0].keys()].filter((name) =>
        pairs.every(([x, y]) => x.get(name) !== undefined && y.get(name) !== undefined),
      )
    : [];
  const rows = (side: 0 | 1): number[][] =>
    pairs.map((pair) => cases.map((name) => pair[side].get(name) as number));
  const [first, second] = [rows(0), rows(1)];
  const differences = first.map((row, n) => row.map((value, c) => value - second[n][c]));
  return { seeds, cases, first, second, differences };
}

function scoresOf({ cases }: FinetuneRecord): Map<string, number | undefined> {
  return new Map(cases.map(({ name, scores }) => [name, caseScore(scores)]));
}
