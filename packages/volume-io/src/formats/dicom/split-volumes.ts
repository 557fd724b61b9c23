import { DISCRIMINATORS, describeValue } from './discriminators.js';
import { type Partition, partitions, varyingColumns } from './partitions.js';
import { byNumber, type PlacedSlice, placeSlices, Run } from './run.js';
import type { Slice } from './slice.js';
import { sliceNormal } from './stack-geometry.js';

/** One stack of slices, or several that cover the same places (4-D). */
export interface VolumeSplit {
  volumes: Slice[][];
  notes: string[];
  /** What tells the stack from the others of its series: 'acquisition 2, kernel B70f'; '' where nothing had to. */
  label: string;
  /** Names of the attributes in `label`. */
  differs: readonly string[];
}

/**
 * Sorts out alike slices of one series. A regular stack stays one. Where slices lie at one place, or are no regular stack
 * together, they are told apart by what their files say of them (time, echo, acquisition, kernel and many more, and
 * combinations of these) when that makes regular stacks of them. Those that cover the same places become the volumes
 * of one 4-D stack, others stacks of their own. What nothing tells apart is a duplicate, of which one is used.
 */
export function splitVolumes(slices: readonly Slice[]): VolumeSplit[] {
  const normal = sliceNormal(slices[0].info.orientation);
  const whole = new Run(placeSlices(slices, normal));
  const placed = slices[0].info.position !== undefined;
  const notes =
    placed || slices.length === 1
      ? []
      : ['The slices have no position; they were put in order of their instance or frame number.'];
  return splitRun(whole, placed).map((split) => ({ ...split, notes: [...notes, ...split.notes] }));
}

function splitRun(whole: Run, placed: boolean): VolumeSplit[] {
  if (whole.slices.length === 1 || (!placed && whole.distinct)) return [single(whole)];
  const { regular } = whole;
  // Numbered along it: nearly all there is.
  if (regular && areSeparateRuns([whole])) return [single(whole)];
  const found = regular
    ? findPartition(whole, isInterleaved)
    : findPartition(whole, (partition, runs) => isRegular(whole, partition, runs));
  if (found) return stacksOf(found.partition, found.runs);
  // Numbers that repeat are no places: without positions nothing is known to lie where another slice lies.
  if (whole.distinct || !placed) return [single(whole)];
  const apart = findPartition(whole, (_, runs) => runs.every((run) => run.distinct));
  if (apart) return stacksOf(apart.partition, apart.runs);
  return splitByRank(whole) ?? [withoutDuplicates(whole)];
}

function single(run: Run): VolumeSplit {
  return { volumes: [run.slices.map(({ slice }) => slice)], notes: [], label: '', differs: [] };
}

interface Found {
  partition: Partition;
  runs: Run[];
}

/** The first way of telling slices apart that is accepted. */
function findPartition(
  whole: Run,
  accepts: (partition: Partition, runs: Run[]) => boolean,
): Found | undefined {
  for (const partition of partitions(whole.slices, { mostGroups: mostGroups(whole) })) {
    const runs = partition.groups.map((group) => new Run(group.slices));
    if (accepts(partition, runs)) return { partition, runs };
  }
  return undefined;
}

/** Attributes that differ from slice to slice tell no stacks apart, so a stack has to have some slices on average. */
function mostGroups({ slices, places, distinct }: Run): number {
  if (distinct) return slices.length / 2;
  if (places.length === 1) return slices.length;
  return slices.length / (places.length < 6 ? 1.5 : Math.max(3, places.length / 10));
}

/** Do the groups explain why the whole is no regular stack? Each is one, and no two of them belong together. */
function isRegular(whole: Run, { by }: Partition, runs: readonly Run[]): boolean {
  if (!runs.every((run) => run.regular)) return false;
  if (someJoin(runs)) return false;
  if (!whole.distinct) return true;
  const apart = !runs.some((run, n) => runs.some((other, m) => m > n && run.overlaps(other)));
  const long = runs.filter((run) => run.slices.length > 2).length;
  const images = weights(by).includes('image');
  if (apart) {
    // One behind the other, with a gap: scanners note the time of each slice, and may number what they take in one turn.
    return (
      !weights(by).includes('time') && (images ? long >= runs.length / 2 : long === runs.length)
    );
  }
  // Two slices are always regular; they are stacks only if all are alike.
  const [{ gap }] = runs;
  const alike = runs.every(
    (run) => gap !== undefined && run.gap !== undefined && Math.abs(run.gap - gap) < 0.01 * gap,
  );
  if (long < runs.length && !(images && long >= runs.length / 2) && !alike) return false;
  // A stack whose slices are taken in several turns, and that is merely uneven, is not several stacks.
  return images || !whole.nearlyRegular || areSeparateRuns(runs);
}

/**
 * Are the groups of a regular whole stacks that lie in one another nevertheless? Slices of one stack that are taken in several turns
 * are numbered by their place; two stacks are numbered one after the other, or both from the start.
 */
function isInterleaved({ by }: Partition, runs: readonly Run[]): boolean {
  if (weights(by).includes('time')) return false;
  if (!runs.every((run) => run.slices.length > 2 && run.regular)) return false;
  if (!runs.every((run) => run === runs[0] || run.overlaps(runs[0]))) return false;
  return areSeparateRuns(runs);
}

function weights(by: readonly number[]): string[] {
  return by.map((index) => DISCRIMINATORS[index].weight);
}

/** Comparing each with each would take long for many, and a few show it. */
const MOST_COMPARED = 24;

/** Do two of the groups belong together, one behind the other or taken in turns? */
function someJoin(runs: readonly Run[]): boolean {
  const some = runs.slice(0, MOST_COMPARED);
  const belong = (a: Run, b: Run): boolean =>
    a.joins(b) && !(a.overlaps(b) && areSeparateRuns([a, b]));
  return some.some((run, n) => some.slice(n + 1).some((other) => belong(run, other)));
}

/** Are the slices of each group numbered along it, and the groups one after the other, or each from the same number on? */
function areSeparateRuns(runs: readonly Run[]): boolean {
  const numbers = runs.map((run) => run.slices.map(({ slice }) => slice.info.order));
  if (!numbers.every((list) => isMonotonic(list))) return false;
  const spans = numbers
    .map((list): [number, number] => [Math.min(...list), Math.max(...list)])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return spans.every((span, n) => {
    if (n === 0) return true;
    const before = spans[n - 1];
    return span[0] > before[1] || (span[0] === before[0] && span[1] === before[1]);
  });
}

function isMonotonic(list: readonly number[]): boolean {
  const steps = list.slice(1).map((v, n) => v - list[n]);
  return steps.every((step) => step > 0) || steps.every((step) => step < 0);
}

/** Groups that cover the same places become the volumes of one stack. */
function stacksOf(partition: Partition, runs: readonly Run[]): VolumeSplit[] {
  const stacks: { runs: Run[]; labels: string[] }[] = [];
  runs.forEach((run, n) => {
    const stack = stacks.find((s) => s.runs[0].covers(run));
    const label = labelOf(partition, n);
    if (stack) {
      stack.runs.push(run);
      stack.labels.push(label);
    } else {
      stacks.push({ runs: [run], labels: [label] });
    }
  });
  const differs = partition.by.map((index) => DISCRIMINATORS[index].name);
  return stacks.map((stack) => ({
    volumes: stack.runs.map((run) => run.slices.map(({ slice }) => slice)),
    notes: stack.runs.length > 1 ? [volumesNote(stack.labels)] : [],
    label: stacks.length === 1 ? '' : stackLabel(stack.labels),
    differs: stacks.length === 1 ? [] : differs,
  }));
}

function labelOf({ by, groups }: Partition, n: number): string {
  return by
    .map((index, at) => describeValue(DISCRIMINATORS[index], groups[n].values[at]))
    .join(', ');
}

function stackLabel(labels: readonly string[]): string {
  return labels.length === 1 ? labels[0] : `${labels[0]} to ${labels[labels.length - 1]}`;
}

/** Volumes that a note lists. */
const MOST_LISTED = 8;

function volumesNote(labels: readonly string[]): string {
  const listed = labels.slice(0, MOST_LISTED).map((label, n) => `${n} is ${label}`);
  const more = labels.length > MOST_LISTED ? '; …' : '';
  return `The series holds ${labels.length} volumes at the same place. Of these, ${listed.join('; ')}${more}.`;
}

/** Numbers by which the images at one place can be put in order, the surest first. */
const RANKS: readonly { by: string; of: (slice: Slice) => number }[] = [
  { by: 'instance number', of: ({ info }) => info.order },
  ...DISCRIMINATORS.flatMap(({ name, weight }, index) =>
    weight === 'image'
      ? []
      : [
          {
            by: name,
            of: ({ info }: Slice) => Number((info.discriminators[index] ?? '').replace(' ', '')),
          },
        ],
  ),
];

/**
 * As many volumes as images lie at each place, told apart by their order there: a number that differs at each place, after
 * what else can be told apart. No volume mixes images that show different things.
 */
function splitByRank(whole: Run): VolumeSplit[] | undefined {
  if (whole.places.length === 1) return undefined;
  const usable = (index: number): boolean => DISCRIMINATORS[index].weight === 'image';
  const opts = { mostGroups: mostGroups(whole), usable, withWhole: true };
  for (const partition of partitions(whole.slices, opts)) {
    for (const { by, of } of RANKS) {
      const ranked = partition.groups.map((group) => rank(new Run(group.slices), of));
      if (!ranked.every((runs) => runs !== undefined)) continue;
      const runs = ranked.flat();
      if (!runs.every((run) => isOfOneKind(run))) continue;
      const groups = ranked.flatMap((some, n) => some.map(() => partition.groups[n]));
      const told = `They are told apart by ${by}${partition.by.length === 0 ? ' only' : ''}.`;
      return stacksOf({ by: partition.by, groups }, runs).map((split) => ({
        ...split,
        notes: split.volumes.length > 1 ? [rankNote(split.volumes.length, partition, told)] : [],
      }));
    }
  }
  return undefined;
}

function rankNote(count: number, { by }: Partition, told: string): string {
  const names = by.map((index) => DISCRIMINATORS[index].name);
  const first = names.length === 0 ? '' : ` They are told apart by ${names.join(' and ')} first.`;
  return `The series holds ${count} volumes at the same place.${first} ${told}`;
}

/** The slices of each place in order of a number, which must differ; undefined where places have different counts. */
function rank(run: Run, of: (slice: Slice) => number): Run[] | undefined {
  const [{ length }] = run.places;
  const ordered: PlacedSlice[][] = [];
  for (const place of run.places) {
    const keys = new Set(place.map(({ slice }) => of(slice)));
    if (place.length !== length || keys.size !== length || keys.has(Number.NaN)) return undefined;
    ordered.push([...place].sort((a, b) => of(a.slice) - of(b.slice)));
  }
  return Array.from({ length }, (_, n) => new Run(ordered.map((place) => place[n])));
}

/** Do all slices show the same, as far as attributes can tell? */
function isOfOneKind({ slices }: Run): boolean {
  return varyingColumns(slices).every(({ index }) => DISCRIMINATORS[index].weight !== 'image');
}

/** One slice of each place: of the kind that covers the most places, else the one with the lowest number. */
function withoutDuplicates(whole: Run): VolumeSplit {
  const kinds = new Map<string, number>();
  const indices = varyingColumns(whole.slices)
    .map(({ index }) => index)
    .filter((index) => DISCRIMINATORS[index].weight === 'image' && whole.places.length > 1);
  const kindOf = ({ slice }: PlacedSlice): string =>
    JSON.stringify(indices.map((index) => slice.info.discriminators[index] ?? null));
  for (const slice of whole.slices) kinds.set(kindOf(slice), (kinds.get(kindOf(slice)) ?? 0) + 1);
  const common = (slice: PlacedSlice): number => kinds.get(kindOf(slice)) ?? 0;
  const kept = whole.places.map(
    (place) =>
      [...place].sort((a, b) => common(b) - common(a) || byNumber(a.slice, b.slice))[0].slice,
  );
  const dropped = whole.slices.length - kept.length;
  const which = indices.length > 0 ? 'the one of the most frequent kind' : 'the one';
  return {
    volumes: [kept],
    notes: [
      `${dropped} ${dropped === 1 ? 'slice lies' : 'slices lie'} where another one lies; ${which} with the lowest instance number was used.`,
    ],
    label: '',
    differs: [],
  };
}
