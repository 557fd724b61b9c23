import { type Preparation, prepareLabels, prepareVolume } from '@genesis/inference';
import { createVolume, type Volume } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import { type DatasetItem, listDataset, readItem, withItem } from '../../data/dataset.js';
import { matchByName } from '../../data/match-by-name.js';
import { TrainerError } from '../../errors.js';
import { labelValues, toClasses } from './label-classes.js';

export interface LabeledPair {
  readonly name: string;
  readonly image: DatasetItem;
  readonly label: DatasetItem;
}

/** An image with its classes on the same grid, ready for the network. */
export interface LabeledVolume {
  /** Normalised, [x, y, z]. */
  readonly image: NdArray<Float32Array>;
  /** Positions in the list of classes, [x, y, z], C order. */
  readonly classes: NdArray<Uint8Array>;
}

/**
 * Pairs the volumes of two folders by name and checks that each label lies on the grid of its image.
 *
 * @throws TrainerError 'bad-data' naming both files when names, shapes or geometry do not fit.
 */
export async function labeledPairs(images: string, labels: string): Promise<LabeledPair[]> {
  const pairs = matchByName(await listDataset(images), await listDataset(labels));
  for (const { image, label } of pairs) checkGrid(image, label);
  return pairs.map(({ image, label }) => ({ name: image.name, image, label }));
}

function checkGrid(image: DatasetItem, label: DatasetItem): void {
  const [a, b] = [image.header, label.header];
  if (a.shape.some((side, axis) => side !== b.shape[axis])) {
    throw new TrainerError(
      'bad-data',
      `the label ${label.path} has ${b.shape.join('×')} voxels, but its image ${image.path} has ${a.shape.join('×')}`,
      { file: label.path },
    );
  }
  const worst = cornerDistance(image, label);
  const voxel = Math.min(...a.spacing);
  if (worst > voxel) {
    throw new TrainerError(
      'bad-data',
      `the label ${label.path} (${b.orientation}) does not lie where its image ${image.path} (${a.orientation}) lies: corners are up to ${worst.toFixed(1)} mm apart`,
      { file: label.path },
    );
  }
}

/** The largest distance in mm between the same corner of both grids. */
function cornerDistance(image: DatasetItem, label: DatasetItem): number {
  const difference = image.header.affine.map((value, n) => value - label.header.affine[n]);
  const [nx, ny, nz] = image.header.shape;
  let worst = 0;
  for (const x of [0, nx - 1]) {
    for (const y of [0, ny - 1]) {
      for (const z of [0, nz - 1]) {
        const move = [0, 4, 8].map(
          (row) =>
            difference[row] * x +
            difference[row + 1] * y +
            difference[row + 2] * z +
            difference[row + 3],
        );
        worst = Math.max(worst, Math.hypot(...move));
      }
    }
  }
  return worst;
}

/** Reads the label volume of a pair in its own geometry. */
export function readLabel(label: DatasetItem): Promise<Volume> {
  return withItem(label, (handle) => handle.read({ volumeIndex: label.volumeIndex }));
}

/** All label values that occur in the pairs, ascending. Reads every label. */
export async function collectLabelValues(pairs: readonly LabeledPair[]): Promise<number[]> {
  const values = new Set<number>();
  for (const { label } of pairs) {
    for (const value of labelValues(await readLabel(label), label.path)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** Reads and prepares both volumes of a pair. */
export async function readPair(
  pair: LabeledPair,
  values: readonly number[],
  preparation: Preparation,
): Promise<LabeledVolume> {
  const image = await readItem(pair.image, preparation.nonFinite);
  const label = await readLabel(pair.label);
  // The grids agree within a voxel; taking the image's affine keeps them equal through resampling.
  const aligned = createVolume(label.data, { affine: image.affine, header: label.header });
  return {
    image: prepareVolume(image, preparation).data,
    classes: toClasses(prepareLabels(aligned, preparation), values, pair.label.path),
  };
}
