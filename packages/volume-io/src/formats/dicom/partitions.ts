import { DISCRIMINATORS } from './discriminators.js';
import type { PlacedSlice } from './run.js';

/** Slices told apart by the values of some discriminators. */
export interface Partition {
  /** Which of DISCRIMINATORS, in their order. */
  readonly by: readonly number[];
  /** Groups in ascending order of their values, slices in the order given. */
  readonly groups: readonly { values: readonly (string | undefined)[]; slices: PlacedSlice[] }[];
}

/** More attributes at a time are never needed, and would tell any slice from any other. */
const MOST_TOGETHER = 3;

/** Which ways of telling slices apart are wanted. */
export interface PartitionOpts {
  /** Ways with more groups are left out. */
  readonly mostGroups: number;
  /** Discriminators that may be used. Default: all. */
  readonly usable?: (index: number) => boolean;
  /** Begin with the way that tells nothing apart. Default false. */
  readonly withWhole?: boolean;
}

/**
 * The ways in which discriminators tell slices apart: one at a time, then two, then three; of each number the most
 * telling first. Attributes that tell apart what an earlier one does are left out.
 */
export function* partitions(
  slices: readonly PlacedSlice[],
  opts: PartitionOpts,
): Generator<Partition> {
  const { mostGroups, usable } = opts;
  const columns = varyingColumns(slices).filter(({ index }) => !usable || usable(index));
  for (let size = opts.withWhole ? 0 : 1; size <= MOST_TOGETHER; size++) {
    for (const chosen of combinations(columns, size)) {
      const keys = combinedCodes(chosen, slices.length);
      if (new Set(keys).size > mostGroups) continue;
      const by = chosen.map(({ index }) => index);
      yield { by, groups: grouped(slices, keys, by) };
    }
  }
}

interface Column {
  readonly index: number;
  /** Values as numbers, by their order of appearance. */
  readonly codes: Int32Array;
  readonly count: number;
}

/** The discriminators that differ among the slices, each with another division of them. */
export function varyingColumns(slices: readonly PlacedSlice[]): Column[] {
  const columns: Column[] = [];
  const seen = new Set<string>();
  for (const index of DISCRIMINATORS.keys()) {
    const known = new Map<string | undefined, number>();
    const codes = Int32Array.from(slices, ({ slice }) => {
      const value = slice.info.discriminators[index];
      const code = known.get(value) ?? known.size;
      known.set(value, code);
      return code;
    });
    if (known.size < 2) continue;
    const division = codes.join();
    if (seen.has(division)) continue;
    seen.add(division);
    columns.push({ index, codes, count: known.size });
  }
  return columns;
}

function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let n = from; n <= items.length - size; n++) {
    for (const rest of combinations(items, size - 1, n + 1)) yield [items[n], ...rest];
  }
}

function combinedCodes(columns: readonly Column[], length: number): Float64Array {
  const keys = new Float64Array(length);
  for (const { codes, count } of columns) {
    for (let n = 0; n < length; n++) keys[n] = keys[n] * count + codes[n];
  }
  return keys;
}

function grouped(
  slices: readonly PlacedSlice[],
  keys: Float64Array,
  by: readonly number[],
): Partition['groups'] {
  const groups = new Map<number, PlacedSlice[]>();
  slices.forEach((slice, n) => {
    const group = groups.get(keys[n]);
    if (group) group.push(slice);
    else groups.set(keys[n], [slice]);
  });
  return [...groups.values()]
    .map((members) => ({
      values: by.map((index) => members[0].slice.info.discriminators[index]),
      slices: members,
    }))
    .sort((a, b) => compareValues(a.values, b.values));
}

function compareValues(
  a: readonly (string | undefined)[],
  b: readonly (string | undefined)[],
): number {
  for (const n of a.keys()) {
    const order = compareValue(a[n] ?? '', b[n] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compareValue(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}
