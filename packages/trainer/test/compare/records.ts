import type { FinetuneRecord } from '#src/compare/api.js';

export interface MadeUpOpts {
  readonly arm: string;
  readonly seed: number;
  /** Of each case; all classes have it. */
  readonly scores: readonly (number | null)[];
  readonly task?: string;
  readonly labels?: number;
  /** Validation score after each 100 steps. */
  readonly curve?: readonly number[];
}

/** The record of a run that nobody did. */
export function madeUpRecord(opts: MadeUpOpts): FinetuneRecord {
  const { arm, seed, scores, task = 'organs', labels = 3, curve = [] } = opts;
  return {
    id: `${task}-n${labels}-${arm}-s${seed}`,
    kind: 'finetune',
    recipe: 'recipe',
    seconds: 60,
    steps: 100 * curve.length,
    version: '0.1.0',
    engine: 'native',
    task,
    labels,
    seed,
    arm,
    train: ['a', 'b', 'c'],
    validation: ['d'],
    cases: scores.map((score, n) => ({ name: `case ${n}`, scores: { liver: score } })),
    curve: curve.map((value, n) => ({ step: 100 * (n + 1), value })),
  };
}
