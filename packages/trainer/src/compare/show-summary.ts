import { duration } from '../report/duration.js';
import { formatTable } from '../report/text-table.js';
import type { Interval } from '../statistics/index.js';
import type { Contrast } from './contrast.js';
import type { ExperimentSummary, SecondaryContrast } from './summarize.js';

const dice = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(3).replace('-', '−') : '–';
const signed = (value: number): string =>
  Number.isFinite(value) ? `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}` : '–';
const range = ({ low, high }: Interval, show = signed): string =>
  Number.isFinite(low) ? `${show(low)} … ${show(high)}` : '–';
const pValue = (p: number): string => (Number.isNaN(p) ? '–' : p < 0.001 ? '<0.001' : p.toFixed(3));

/** Header and rows of the arms. */
export function armRows({ arms }: ExperimentSummary): [string[], string[][]] {
  const header = ['arm', 'task', 'labels', 'seeds', 'Dice', 'sd', '95 % interval', 'not found'];
  const rows = arms.map((one) => [
    one.arm,
    one.task,
    String(one.labels),
    String(one.seeds.length),
    dice(one.mean),
    dice(one.sd),
    range(one.interval, dice),
    String(one.notFound),
  ]);
  return [header, rows];
}

/** Names and values of a contrast. */
export function contrastFacts(one: Contrast): [string, string][] {
  const { effect, efficiency, overCases, superiority } = one;
  return [
    [
      'difference of mean Dice',
      `${signed(one.mean)} (95 % ${range(one.interval)}, runs and cases)`,
    ],
    ...(one.seedInterval
      ? ([['over runs alone (BCa)', range(one.seedInterval)]] as [string, string][])
      : []),
    ['by run', one.differences.map(signed).join('  ')],
    [
      'sign-flip test',
      `p ${pValue(one.signFlip.p)}${one.signFlip.exact ? ', exact' : ', sampled'}`,
    ],
    [
      'effect size d_z',
      `${dice(effect.dz)} (95 % ${range(effect.interval, dice)}), Hedges' g ${dice(effect.g)}`,
    ],
    [
      `P(${one.arm} > ${one.against})`,
      `${superiority.probability.toFixed(2)} (95 % ${range(superiority.interval, (v) => v.toFixed(2))})`,
    ],
    ['equivalence test', `p ${pValue(one.equivalence)}`],
    [
      `over ${one.cases} cases`,
      `${overCases.wins} better, ${overCases.losses} worse; Wilcoxon p ${pValue(overCases.p)}, rank-biserial ${signed(overCases.rankBiserial)}`,
    ],
    [
      'steps to the other’s final score',
      Number.isFinite(efficiency.stepRatio)
        ? `${Math.round(100 * efficiency.stepRatio)} % of its steps (median), ${efficiency.censored} of ${one.seeds.length} never`
        : `never, in ${efficiency.censored} of ${one.seeds.length}`,
    ],
    ['area under the curve', signed(efficiency.area)],
    [
      'runs to find it again',
      Number.isFinite(one.runsNeeded) ? `${one.runsNeeded} (power 80 %)` : 'more than 10,000',
    ],
  ];
}

/** Header and rows of the exploratory contrasts. */
export function secondaryRows(all: readonly SecondaryContrast[]): [string[], string[][]] {
  const header = ['arm', 'task', 'labels', 'seeds', 'difference', '95 % interval', 'p', 'p (Holm)'];
  const rows = all.map((one) => [
    `${one.arm} − ${one.against}`,
    one.task,
    String(one.labels),
    String(one.seeds.length),
    signed(one.mean),
    range(one.interval),
    pValue(one.signFlip.p),
    pValue(one.adjusted),
  ]);
  return [header, rows];
}

/** A summary for a terminal. */
export function showSummary(summary: ExperimentSummary): string {
  const { primary, secondary, pretraining } = summary;
  const parts = [`${summary.name}: ${summary.ended} of ${summary.planned} runs have ended`];
  if (summary.arms.length > 0) parts.push(formatTable(...armRows(summary)));
  if (primary) {
    const facts = contrastFacts(primary);
    const width = Math.max(...facts.map(([name]) => name.length));
    parts.push(
      [
        `${primary.arm} beside ${primary.against}, ${primary.task}, ${primary.labels} labels: ${primary.verdict.text}`,
        ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
      ].join('\n'),
    );
  }
  if (secondary.length > 0) {
    parts.push(`Exploratory:\n${formatTable(...secondaryRows(secondary))}`);
  }
  const spent = Object.entries(pretraining).map(
    ([name, { seconds, steps }]) => `${name} ${duration(seconds)} (${steps} steps)`,
  );
  if (spent.length > 0) parts.push(`Pre-training took: ${spent.join(', ')}`);
  if (summary.sentence !== undefined) parts.push(summary.sentence);
  return parts.join('\n\n');
}
