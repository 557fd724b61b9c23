import { toCOrder } from '@genesis/core';
import type { Volume } from '@genesis/volume-io';
import { TrainerError } from '../errors.js';

/** Classes of a network, the background among them: their positions are kept in 8 bits. */
export const MOST_CLASSES = 255;

/** From so many values on, a label map must look like one: neighbors mostly have the same label. */
const MANY_VALUES = 32;
/** Share of neighbors along the first axis, both not 0, that are equal in a label map at least. Images have a tenth of it. */
const LEAST_EQUAL = 0.4;

/** The values of a label volume, ascending, or why it is none. */
type LabelFinding = { readonly values: number[] } | { readonly problem: string };

/** Regions of an atlas at most, for what no network has to tell apart: images of 16 bits soon have more values. */
const MOST_REGIONS = 4096;

/** The values in a label volume, ascending. Throws TrainerError 'bad-data' when they are no labels. */
export function labelValues(volume: Volume, file: string): number[] {
  const found = findLabels(volume, MOST_CLASSES);
  if ('values' in found) return found.values;
  throw new TrainerError('bad-data', `${file} is no label map: it holds ${found.problem}`, {
    file,
  });
}

/** Whether the voxels are those of a label map: few whole numbers that mostly stay the same from voxel to voxel. */
export function isLabelMap(volume: Volume): boolean {
  return 'values' in findLabels(volume, MOST_REGIONS);
}

function findLabels(volume: Volume, most: number): LabelFinding {
  /** How often a value stands behind itself. */
  const repeats = new Map<number, number>();
  const data = toCOrder(volume.data);
  let [last, start, pairs] = [Number.NaN, 0, 0];
  const endRun = (end: number): void => {
    const before = repeats.get(last) ?? 0;
    repeats.set(last, before + end - start - 1);
    start = end;
  };
  for (let n = 0; n < data.length; n++) {
    const value = data[n];
    if (n > 0 && value !== 0 && last !== 0) pairs++;
    if (value === last) continue;
    if (n > 0) endRun(n);
    if (!Number.isInteger(value)) {
      return { problem: `the value ${value}, which is no whole number` };
    }
    last = value;
    if (repeats.size >= most && !repeats.has(value)) {
      return { problem: `more than ${most} different values` };
    }
  }
  endRun(data.length);
  const values = [...repeats.keys()].sort((a, b) => a - b);
  if (values.length > MANY_VALUES && !mostlyRepeats(values, repeats, pairs)) {
    return {
      problem: `${values.length} different values that change from voxel to voxel, as those of an image do`,
    };
  }
  return { values };
}

/**
 * Whether neighbors that are both not 0 are mostly equal. The lowest and the highest value do not count: an image that was cut off at
 * both ends has a great many of them.
 */
function mostlyRepeats(
  values: readonly number[],
  repeats: ReadonlyMap<number, number>,
  pairs: number,
): boolean {
  const of = (value: number): number => (value === 0 ? 0 : (repeats.get(value) ?? 0));
  const ends = of(values[0]) + of(values[values.length - 1]);
  const equal = values.reduce((sum, value) => sum + of(value), 0) - ends;
  return equal >= LEAST_EQUAL * (pairs - ends);
}
