import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import { affineDeterminant, applyAffine, type Volume } from '@genesis/volume-io';
import { InferenceError } from '../errors.js';

/** The values of an image where a label is. NaN and infinities do not count. */
export interface IntensityStatistics {
  readonly mean: number;
  /** Of the sample (n − 1); 0 of a single voxel. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** Where a label is and how much of it there is. */
export interface LabelStatistics {
  readonly voxels: number;
  /** ml */
  readonly volume: number;
  /** Mean of the places of its voxels, RAS mm; left out where it is nowhere. */
  readonly centroid?: ReadonlyVec3;
  /** The smallest box around it, along the axes of the volume; left out where it is nowhere. */
  readonly box?: {
    /** Its first voxel. */
    readonly first: ReadonlyVec3;
    /** Voxels along each axis. */
    readonly size: ReadonlyVec3;
    /** The same in mm. */
    readonly extent: ReadonlyVec3;
  };
  /** For each image; undefined where it has no finite value there. */
  readonly intensities: readonly (IntensityStatistics | undefined)[];
}

/** What is added up of one label. */
class LabelSums {
  voxels = 0;
  readonly places: Vec3 = [0, 0, 0];
  readonly first: Vec3 = [Infinity, Infinity, Infinity];
  readonly last: Vec3 = [-1, -1, -1];

  add(i: number, j: number, k: number): void {
    this.voxels++;
    const { places, first, last } = this;
    places[0] += i;
    places[1] += j;
    places[2] += k;
    if (i < first[0]) first[0] = i;
    if (j < first[1]) first[1] = j;
    if (k < first[2]) first[2] = k;
    if (i > last[0]) last[0] = i;
    if (j > last[1]) last[1] = j;
    if (k > last[2]) last[2] = k;
  }
}

/**
 * Statistics of labels, as LabelShapeStatistics and LabelStatistics of ITK give them (with places in RAS instead of LPS).
 *
 * @param labels - Whole numbers.
 * @param images - Volumes of the same shape, voxel by voxel.
 * @param values - The labels to tell about, each once.
 * @returns One for each of `values`, in their order.
 * @throws InferenceError 'bad-argument' for an image of another shape.
 */
export function labelStatistics(
  labels: Volume,
  images: readonly Volume[],
  values: readonly number[],
): LabelStatistics[] {
  const shape = labels.data.shape;
  for (const { data } of images) {
    if (data.shape.every((side, axis) => side === shape[axis])) continue;
    throw new InferenceError(
      'bad-argument',
      `the image has ${data.shape.join('×')} voxels, but the labels have ${shape.join('×')}`,
    );
  }
  const sums = values.map(() => new LabelSums());
  eachLabel(labels, values, (n, i, j, k) => sums[n].add(i, j, k));
  const intensities = images.map((image) => intensitiesOf(labels, image, values));
  const voxel = Math.abs(affineDeterminant(labels.affine));
  const { spacing } = labels;
  return sums.map(({ voxels, places, first, last }, n) => {
    const common = {
      voxels,
      volume: (voxels * voxel) / 1000,
      intensities: intensities.map((one) => one[n]),
    };
    if (voxels === 0) return common;
    const size = last.map((end, axis) => end - first[axis] + 1) as Vec3;
    return {
      ...common,
      centroid: applyAffine(labels.affine, places.map((sum) => sum / voxels) as Vec3),
      box: { first, size, extent: size.map((count, axis) => count * spacing[axis]) as Vec3 },
    };
  });
}

/** Calls `visit` for each voxel whose label is one of `values`, with its position among these. */
function eachLabel(
  { data: { data, shape, stride, offset } }: Volume,
  values: readonly number[],
  visit: (n: number, i: number, j: number, k: number) => void,
): void {
  const positions = new Map(values.map((value, n) => [value, n]));
  // Neighbors mostly have the same label.
  let known = Number.NaN;
  let position: number | undefined;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      let at = offset + j * stride[1] + k * stride[2];
      for (let i = 0; i < shape[0]; i++, at += stride[0]) {
        const value = data[at];
        if (value !== known) {
          known = value;
          position = positions.get(value);
        }
        if (position !== undefined) visit(position, i, j, k);
      }
    }
  }
}

function intensitiesOf(
  labels: Volume,
  { data: { data, stride, offset } }: Volume,
  values: readonly number[],
): (IntensityStatistics | undefined)[] {
  const found = values.map(() => ({ count: 0, sum: 0, squares: 0, min: Infinity, max: -Infinity }));
  const valueAt = (i: number, j: number, k: number): number =>
    data[offset + i * stride[0] + j * stride[1] + k * stride[2]];
  eachLabel(labels, values, (n, i, j, k) => {
    const value = valueAt(i, j, k);
    // x − x is 0 for finite numbers only.
    if (value - value !== 0) return;
    const one = found[n];
    one.count++;
    one.sum += value;
    if (value < one.min) one.min = value;
    if (value > one.max) one.max = value;
  });
  // Squares of differences from the mean, since those of large values would lose their digits.
  eachLabel(labels, values, (n, i, j, k) => {
    const value = valueAt(i, j, k);
    if (value - value === 0) found[n].squares += (value - found[n].sum / found[n].count) ** 2;
  });
  return found.map(({ count, sum, squares, min, max }) =>
    count === 0
      ? undefined
      : { mean: sum / count, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, min, max },
  );
}
