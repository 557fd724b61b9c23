import type { FoundDataset } from '../layouts/api.js';
import { upperMedian, valueAt } from '../order-statistics.js';
import type { CaseReport, Finding } from './api.js';

/** A voxel size is unusual when it is so many times the median, or so many times less. */
const SPACING_FACTOR = 1.5;
/** An intensity is unusual so many interquartile ranges beyond the quartiles (Tukey's "far out"). */
const RANGES = 3;
/** And by at least this share of the median, and of the usual percentile of 99.5. */
const SLACK = 0.1;
/** Fewer cases have no usual intensity. */
const LEAST_CASES = 5;

/** Looks at the cases beside each other: what is unusual, twice there, mixed. */
export function compareCases(dataset: FoundDataset, cases: readonly CaseReport[]): Finding[] {
  return [
    ...orientations(cases),
    ...duplicates(cases),
    ...patients(cases),
    ...spacings(cases),
    ...(dataset.channels ?? ['image']).flatMap((name, channel) => [
      ...intensities(cases, channel, name),
      ...modalities(cases, channel, name),
    ]),
    ...labels(dataset, cases),
  ];
}

function orientations(cases: readonly CaseReport[]): Finding[] {
  const groups = groupBy(cases, ({ orientation }) => orientation);
  if (groups.size < 2) return [];
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const text = sorted.map(([code, some]) => `${some.length} × ${code}`).join(', ');
  const others = sorted.slice(1).flatMap(([, some]) => some.map(({ name }) => name));
  return [
    {
      severity: 'note',
      code: 'orientation',
      cases: others,
      text: `the axes point in different directions (${text}); training turns them alike`,
    },
  ];
}

function duplicates(cases: readonly CaseReport[]): Finding[] {
  const volumes = cases.flatMap((one) =>
    one.channels.flatMap((channel) =>
      channel?.values ? [{ one, path: channel.path, hash: channel.values.hash }] : [],
    ),
  );
  return [...groupBy(volumes, ({ hash }) => hash).values()]
    .filter((same) => same.length > 1)
    .map((same): Finding => {
      const names = [...new Set(same.map(({ one }) => one.name))];
      const sides = new Set(same.map(({ one }) => one.split === 'test'));
      return {
        severity: sides.size > 1 ? 'error' : 'warning',
        code: 'duplicate',
        cases: names,
        text: `the same voxels are in ${listed(same.map(({ path }) => path))}${sides.size > 1 ? ', for training and for tests' : ''}`,
      };
    });
}

function patients(cases: readonly CaseReport[]): Finding[] {
  return [...groupBy(cases, ({ patient }) => patient ?? '')].flatMap(
    ([patient, own]): Finding[] => {
      const sides = new Set(own.map(({ split }) => split ?? 'train'));
      if (patient === '' || sides.size < 2) return [];
      return [
        {
          severity: 'error',
          code: 'patient-on-two-sides',
          cases: own.map(({ name }) => name),
          text: `the patient ${patient} is on several sides of the split: ${[...sides].join(', ')}`,
        },
      ];
    },
  );
}

/** Voxel sizes along R-L, A-P and S-I. */
function spacings(cases: readonly CaseReport[]): Finding[] {
  const turned = cases.map(({ spacing, orientation }) =>
    ['LR', 'AP', 'IS'].map(
      (pair) => spacing[[...orientation].findIndex((letter) => pair.includes(letter))],
    ),
  );
  const usual = [0, 1, 2].map((axis) => upperMedian(turned.map((one) => one[axis])));
  const odd = cases.filter((_, n) =>
    turned[n].some((size, axis) => {
      const factor = size / usual[axis];
      return factor > SPACING_FACTOR || factor < 1 / SPACING_FACTOR;
    }),
  );
  if (odd.length === 0) return [];
  const first = turned[cases.indexOf(odd[0])].map(short).join('×');
  return [
    {
      severity: 'warning',
      code: 'spacing',
      cases: odd.map(({ name }) => name),
      text: `${count(odd.length, cases.length)} a voxel size far from the usual ${usual.map(short).join('×')} mm: ${listed(odd.map(({ name }) => name))} (the first has ${first}); --spacing brings all to one`,
    },
  ];
}

function intensities(cases: readonly CaseReport[], channel: number, name: string): Finding[] {
  const known = cases.flatMap((one) => {
    const values = one.channels[channel]?.values;
    return values ? [{ name: one.name, values }] : [];
  });
  if (known.length < LEAST_CASES) return [];
  const usual = upperMedian(known.map(({ values }) => values.high));
  const isOdd = (pick: (n: number) => number): boolean[] => {
    const values = known.map((_, n) => pick(n));
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => valueAt(values, share));
    const slack = Math.max(SLACK * Math.abs(middle), SLACK * Math.abs(usual));
    const reach = Math.max(RANGES * (high - low), slack);
    return values.map((value) => value > high + reach || value < low - reach);
  };
  const [byMean, byHigh] = [isOdd((n) => known[n].values.mean), isOdd((n) => known[n].values.high)];
  const odd = known.filter((_, n) => byMean[n] || byHigh[n]);
  if (odd.length === 0) return [];
  const [{ values }] = odd;
  return [
    {
      severity: 'warning',
      code: 'intensity',
      cases: odd.map((one) => one.name),
      text: `${count(odd.length, known.length)} unusual intensities in the channel ${name}: ${listed(odd.map((one) => one.name))} (99.5 % of the first are below ${short(values.high)}, usual is ${short(usual)})`,
    },
  ];
}

function modalities(cases: readonly CaseReport[], channel: number, name: string): Finding[] {
  const groups = groupBy(cases, (one) => one.channels[channel]?.values?.scheme ?? '');
  const [ct, other] = [groups.get('ct') ?? [], groups.get('percentile') ?? []];
  if (ct.length === 0 || other.length === 0) return [];
  const fewer = ct.length < other.length ? ct : other;
  return [
    {
      severity: 'warning',
      code: 'mixed-modalities',
      cases: fewer.map((one) => one.name),
      text: `the channel ${name} holds Hounsfield units in ${ct.length} cases and other intensities in ${other.length}: ${listed(fewer.map((one) => one.name))}`,
    },
  ];
}

function labels(
  { classes = [], idleLabels, leftOut }: FoundDataset,
  cases: readonly CaseReport[],
): Finding[] {
  const findings: Finding[] = [];
  const labelled = cases.filter(({ label }) => label);
  const without = cases.filter(({ label, split }) => !label && split !== 'test');
  if (labelled.length > 0 && without.length > 0) {
    findings.push({
      severity: 'warning',
      code: 'no-label',
      cases: without.map(({ name }) => name),
      text: `${count(without.length, cases.length)} no label: ${listed(without.map(({ name }) => name))}`,
    });
  }
  if (idleLabels.length > 0) {
    findings.push({
      severity: 'warning',
      code: 'idle-labels',
      cases: [],
      text: `${idleLabels.length} labels have no image: ${listed(idleLabels.map(({ key }) => key))}`,
    });
  }
  for (const { key, path, reason } of leftOut) {
    findings.push({
      severity: 'error',
      code: 'left-out',
      cases: [key],
      text: `${path} cannot be used: ${reason}`,
    });
  }
  const regions = classes.filter(({ values }) => values.length > 1);
  if (regions.length > 0) {
    findings.push({
      severity: 'warning',
      code: 'regions',
      cases: [],
      text: `classes are regions that overlap (${regions.map(({ name, values }) => `${name}: ${values.join(' or ')}`).join('; ')}), which finetune refuses: it needs a label for each class`,
    });
  }
  const read = labelled.filter(({ label }) => label?.voxels);
  for (const { name, values } of read.length > 0 ? classes : []) {
    if (values.some((value) => read.some(({ label }) => label?.voxels?.[value]))) continue;
    findings.push({
      severity: 'warning',
      code: 'unused-class',
      cases: [],
      text: `the class ${name} (${values.join(', ')}) occurs in no case`,
    });
  }
  return findings;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

const count = (some: number, all: number): string =>
  `${some} of ${all} cases ${some === 1 ? 'has' : 'have'}`;

function listed(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
}
