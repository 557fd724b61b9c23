import { formatTable } from '../report/text-table.js';
import { shortNumber } from '../report/ticks.js';
import type { TrainingResult } from '../training/train-run.js';

/** Values of a validation that a table of folds shows. */
const SHOWN = 4;

/** The best epoch of each fold with its values, and their means with standard deviations. */
export function foldTable(folds: readonly TrainingResult[]): string {
  const known = folds.flatMap(({ best }) => (best ? [best.validation] : []));
  const names = [...new Set(known.flatMap((one) => Object.keys(one)))].slice(0, SHOWN);
  const rows = folds.map(({ best, run }) => [
    run.split(/[\\/]/).at(-1) ?? run,
    String(best?.epoch ?? '–'),
    ...names.map((name) => {
      const value = best?.validation[name];
      return value === undefined ? '–' : shortNumber(value);
    }),
  ]);
  const means = names.map((name) => spread(known.flatMap((one) => one[name] ?? [])));
  return formatTable(['fold', 'best epoch', ...names], [...rows, ['mean ± sd', '', ...means]]);
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return shortNumber(mean);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${shortNumber(mean)} ± ${shortNumber(Math.sqrt(squares / (values.length - 1)))}`;
}
