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
  const values = new Set<number>();
  const data = toCOrder(volume.data);
  let [last, equal, pairs] = [0, 0, 0];
  for (let n = 0; n < data.length; n++) {
    const value = data[n];
    if (value !== 0 && last !== 0) {
      pairs++;
      if (value === last) equal++;
    }
    if (value !== last || n === 0) {
      if (!Number.isInteger(value)) {
        return { problem: `the value ${value}, which is no whole number` };
      }
      values.add(value);
      if (values.size > most) {
        return { problem: `more than ${most} different values` };
      }
    }
    last = value;
  }
  if (values.size > MANY_VALUES && equal < LEAST_EQUAL * pairs) {
    return {
      problem: `${values.size} different values that change from voxel to voxel, as those of an image do`,
    };
  }
  return { values: [...values].sort((a, b) => a - b) };
}
