import type { Block, ReportData, Section, Series } from '../report/api.js';
import { duration } from '../report/duration.js';
import type { FinetuneRecord } from './api.js';
import { type ArmRuns, byArm } from './arm-table.js';
import { armRows, contrastFacts, secondaryRows } from './show-summary.js';
import type { ExperimentSummary } from './summarize.js';

const STYLES = ['train', 'validation', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];
const styleOf = (n: number): string => STYLES[n % STYLES.length];

/** The report of an experiment. */
export function summaryPage(
  summary: ExperimentSummary,
  records: readonly FinetuneRecord[],
): ReportData {
  const { primary, secondary } = summary;
  const [header, rows] = armRows(summary);
  const sections: Section[] = [];
  if (primary) {
    sections.push({
      title: `${primary.arm} beside ${primary.against}`,
      blocks: [
        ...(summary.sentence === undefined ? [] : [text(summary.sentence)]),
        { kind: 'facts', facts: contrastFacts(primary) },
        pairedChart(summary),
      ],
    });
  }
  sections.push({
    title: 'Arms',
    blocks: [{ kind: 'table', header, rows }, classTable(summary), ...labelCharts(summary)],
  });
  sections.push({ title: 'Learning', blocks: learningCharts(byArm(records)) });
  if (secondary.length > 0) {
    const [head, body] = secondaryRows(secondary);
    sections.push({
      title: 'Exploratory',
      blocks: [
        text(
          'Not declared before the runs; p values beside those adjusted for their number (Holm).',
        ),
        { kind: 'table', header: head, rows: body },
      ],
    });
  }
  sections.push({ title: 'How it was made', blocks: [origin(summary)] });
  return {
    title: `Comparison: ${summary.name}`,
    lead: `${summary.ended} of ${summary.planned} runs have ended. Arms are paired: in each seed the same cases, order and augmentation.`,
    cards: primary
      ? [
          { value: signedPoints(primary.mean), label: 'Dice points, mean difference' },
          { value: primary.verdict.kind.replace('-', ' '), label: primary.verdict.text },
          { value: String(primary.seeds.length), label: 'paired runs' },
        ]
      : [],
    sections,
  };
}

const text = (value: string): Block => ({ kind: 'text', text: value });

function signedPoints(value: number): string {
  return `${value < 0 ? '−' : '+'}${(100 * Math.abs(value)).toFixed(1)}`;
}

/** Both arms of the primary contrast, seed by seed. */
function pairedChart({ primary, arms }: ExperimentSummary): Block {
  const own = arms.filter(
    ({ task, labels }) => task === primary?.task && labels === primary?.labels,
  );
  // In the order and the styles of the other charts.
  const series = own.flatMap(({ arm, seeds, bySeed }, n): Series[] => {
    if (arm !== primary?.arm && arm !== primary?.against) return [];
    const points = seeds.map((seed, k) => ({ x: seed, y: bySeed[k] }));
    return [{ name: arm, style: styleOf(n), dots: true, points }];
  });
  return {
    kind: 'chart',
    chart: { title: 'Mean Dice on the test cases by seed', xLabel: 'seed', yLabel: 'Dice', series },
  };
}

function classTable({ arms }: ExperimentSummary): Block {
  const names = [...new Set(arms.flatMap(({ classes }) => Object.keys(classes)))];
  return {
    kind: 'table',
    header: ['arm', 'task', 'labels', ...names, 'worst case'],
    rows: arms.map((one) => [
      one.arm,
      one.task,
      String(one.labels),
      ...names.map((name) => {
        const found = one.classes[name];
        return found ? found.mean.toFixed(3) : '–';
      }),
      `${one.worst.mean.toFixed(3)} (${one.worst.name})`,
    ]),
  };
}

/** Dice over the number of labels, where several were tried. */
function labelCharts({ arms }: ExperimentSummary): Block[] {
  const tasks = [...new Set(arms.map(({ task }) => task))];
  return tasks.flatMap((task): Block[] => {
    const own = arms.filter((one) => one.task === task);
    if (new Set(own.map(({ labels }) => labels)).size < 2) return [];
    const names = [...new Set(own.map(({ arm }) => arm))];
    const series = names.map((name, n) => ({
      name,
      style: styleOf(n),
      dots: true,
      points: own
        .filter(({ arm }) => arm === name)
        .sort((a, b) => a.labels - b.labels)
        .map(({ labels, mean }) => ({ x: labels, y: mean })),
    }));
    return [
      {
        kind: 'chart',
        chart: {
          title: `${task}: Dice by labelled cases`,
          xLabel: 'labelled cases',
          yLabel: 'Dice',
          series,
        },
      },
    ];
  });
}

/** Validation over the steps, mean over seeds. */
function learningCharts(groups: readonly ArmRuns[]): Block[] {
  const keys = [...new Set(groups.map(({ task, labels }) => JSON.stringify([task, labels])))];
  return keys.map((key): Block => {
    const [task, labels] = JSON.parse(key) as [string, number];
    const own = groups.filter((one) => one.task === task && one.labels === labels);
    const series = own.map((group, n) => ({
      name: group.arm,
      style: styleOf(n),
      points: meanCurve(group),
    }));
    const title = `${task}, ${labels} labelled: Dice on the validation crops, mean over seeds`;
    return { kind: 'chart', chart: { title, xLabel: 'step', yLabel: 'Dice', series } };
  });
}

/** At the steps that all seeds have. */
function meanCurve({ records }: ArmRuns): { x: number; y: number }[] {
  const [first, ...rest] = records.map(
    ({ curve }) => new Map(curve.map(({ step, value }) => [step, value])),
  );
  return [...first]
    .filter(([step]) => rest.every((curve) => curve.has(step)))
    .map(([step, value]) => ({
      x: step,
      y: rest.reduce((sum, curve) => sum + (curve.get(step) ?? 0), value) / records.length,
    }));
}

function origin(summary: ExperimentSummary): Block {
  const total = summary.arms.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    kind: 'facts',
    facts: [
      ['fine-tuning', duration(total)],
      ...Object.entries(summary.pretraining).map(([name, { seconds, steps }]): [string, string] => [
        `pre-training ${name}`,
        `${duration(seconds)}, ${steps} steps`,
      ]),
      ['engine', summary.engines.join(', ')],
      ['version', summary.versions.join(', ')],
      ...Object.entries(summary.licenses).map(([task, license]): [string, string] => [
        `data of ${task}`,
        license,
      ]),
    ],
  };
}
