import { formatCsv } from '../data/csv.js';
import { mean } from '../statistics/index.js';
import type { FinetuneRecord } from './api.js';
import { caseScore } from './arm-table.js';

/** A row for each fine-tuning. */
export function runsCsv(records: readonly FinetuneRecord[]): string {
  const classes = [...new Set(records.flatMap(({ cases }) => Object.keys(cases[0]?.scores ?? {})))];
  const rows = records.map((one) => [
    one.id,
    one.task,
    one.labels,
    one.arm,
    one.seed,
    round(mean(one.cases.map(({ scores }) => caseScore(scores)).filter((v) => v !== undefined))),
    ...classes.map((name) =>
      round(mean(one.cases.map(({ scores }) => scores[name]).filter((v) => v !== null))),
    ),
    one.steps,
    round(one.seconds),
    one.recipe,
  ]);
  const header = [
    'id',
    'task',
    'labels',
    'arm',
    'seed',
    'dice',
    ...classes.map((name) => `dice ${name}`),
  ];
  return formatCsv([[...header, 'steps', 'seconds', 'recipe'], ...rows]);
}

const round = (value: number): number => Number(value.toPrecision(6));
