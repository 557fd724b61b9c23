import type { DatasetReport } from '../data/checks/api.js';
import { upperMedian } from '../data/order-statistics.js';
import { plural } from '../plural.js';
import { formatTable } from '../report/text-table.js';
import { shortNumber } from '../report/ticks.js';
import { wrapText } from './wrap-text.js';

/** Columns of a terminal. */
const WIDTH = 80;
/** Letters of a name in a table. */
const LONGEST = 24;
/** Classes that a table shows. */
const MOST_CLASSES = 40;

/** A report about a dataset as text for a terminal, no line longer than 80 columns but for paths that are. */
export function datasetText(report: DatasetReport): string {
  const { path, layout, cases, channels, classes, ignoreLabel, findings } = report;
  const labelled = cases.filter(({ label }) => label).length;
  const facts: [string, string][] = [
    ['layout', layout],
    ['cases', `${cases.length}, ${labelled} of them with labels${patientsOf(report)}`],
    ['channels', channels.join(', ')],
    ['sides', sidesOf(report)],
    ['ignored', ignoreLabel === undefined ? '' : `label ${ignoreLabel}`],
    ['axes', countsOf(cases.map(({ orientation }) => orientation))],
    ['types', countsOf(cases.flatMap((one) => one.channels.map((channel) => channel?.dtype)))],
  ];
  const head = facts
    .filter(([, text]) => text !== '')
    .map(([name, text]) => wrapText(`${name.padEnd(10)}${text}`, WIDTH, 10));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return [
    wrapText(path, WIDTH, 2),
    ...head,
    '',
    numbersTable(report),
    ...(classes.length > 0 ? ['', classTable(report)] : []),
    '',
    ...findings.map(({ severity, text }) =>
      wrapText(`${severity}: ${text.replaceAll(`${path.replace(/[\\/]$/, '')}/`, '')}`, WIDTH, 2),
    ),
    errors + warnings === 0
      ? 'nothing is wrong'
      : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`,
  ].join('\n');
}

function patientsOf({ cases }: DatasetReport): string {
  const known = cases.flatMap(({ patient }) => (patient === undefined ? [] : [patient]));
  return known.length === 0 ? '' : `; ${plural(new Set(known).size, 'patient')}`;
}

function sidesOf({ cases }: DatasetReport): string {
  const sides = countsOf(cases.map(({ split }) => split));
  const folds = new Set(cases.flatMap(({ fold }) => fold ?? []));
  return [sides, folds.size > 0 ? plural(folds.size, 'fold') : ''].filter((one) => one).join('; ');
}

/** '18 RAS, 2 LPS', the most frequent first. */
function countsOf(values: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) => `${count} ${value}`)
    .join(', ');
}

/** Shapes, voxel sizes and intensities: least, median, most. */
function numbersTable({ cases, channels }: DatasetReport): string {
  const row = (name: string, values: readonly number[]): string[] => [
    name,
    shortNumber(Math.min(...values)),
    shortNumber(upperMedian(values)),
    shortNumber(Math.max(...values)),
  ];
  const axes = [0, 1, 2] as const;
  const rows = [
    ...axes.map((axis) =>
      row(
        `voxels, axis ${axis + 1}`,
        cases.map(({ shape }) => shape[axis]),
      ),
    ),
    ...axes.map((axis) =>
      row(
        `mm, axis ${axis + 1}`,
        cases.map(({ spacing }) => spacing[axis]),
      ),
    ),
  ];
  for (const [n, name] of channels.entries()) {
    const values = cases.flatMap((one) => one.channels[n]?.values ?? []);
    if (values.length === 0) continue;
    const title = shortName(channels.length === 1 ? 'values' : name);
    rows.push(
      row(
        `${title}: lowest`,
        values.map(({ min }) => min),
      ),
      row(
        `${title}: median`,
        values.map((one) => one.median),
      ),
      row(
        `${title}: highest`,
        values.map(({ max }) => max),
      ),
    );
  }
  return formatTable(['', 'least', 'median', 'most'], rows);
}

function classTable({ classes }: DatasetReport): string {
  const rows = classes
    .slice(0, MOST_CLASSES)
    .map(({ name, values, cases, share }) => [
      shortName(name),
      values.join('+'),
      String(cases),
      share === undefined ? '–' : `${shortNumber(100 * share)} %`,
    ]);
  const rest = classes.length - rows.length;
  const table = formatTable(['class', 'label', 'cases', 'share there'], rows);
  return rest > 0 ? `${table}\nand ${rest} more` : table;
}

function shortName(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
