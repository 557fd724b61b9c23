import { type Preparation, preparedShape, prepareLabels, prepareVolume } from '@genesis/inference';
import { createVolume, reorient, type Volume, type VolumeHeader } from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import { type DatasetItem, listDataset, readItem, withItem } from '../../data/dataset.js';
import { labelValues, MOST_CLASSES } from '../../data/label-values.js';
import { matchCases } from '../../data/match-cases.js';
import { readableOnly } from '../../data/readable.js';
import { TrainerError } from '../../errors.js';
import { chooseClasses, toClasses } from './label-classes.js';

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

export interface LabeledPairsOpts {
  readonly images: string;
  readonly labels: string;
  /** Refuse volumes that cannot be used, instead of leaving them out. */
  readonly strict?: boolean;
  readonly onWarning?: (text: string) => void;
}

/**
 * Pairs the volumes of two folders by name and checks that each label lies on the grid of its image. Labels without image are
 * named; an image whose label cannot be read is left out with it.
 *
 * @throws TrainerError 'bad-data' naming both files when names, shapes or geometry do not fit.
 */
export async function labeledPairs(opts: LabeledPairsOpts): Promise<LabeledPair[]> {
  const { images, labels, strict, onWarning } = opts;
  const imageSet = await listDataset(images, { role: 'image', strict, onWarning });
  const labelSet = await listDataset(labels, { role: 'label', strict, onWarning });
  const matches = matchCases(imageSet.items, labelSet.items);
  const broken = matchCases(matches.images, labelSet.leftOut);
  const [missing] = broken.images;
  if (missing) {
    const rest = broken.images.length > 1 ? ` (and ${broken.images.length - 1} more)` : '';
    throw new TrainerError(
      'bad-data',
      `${missing.path} has no label of the same name${rest}; labels: ${listNames(labelSet.items)}`,
      { file: missing.path },
    );
  }
  // An image that was left out is missed by nobody else.
  const idle = matchCases(matches.labels, imageSet.leftOut).images;
  if (idle.length > 0) {
    onWarning?.(`${idle.length} labels have no image and are not used: ${listNames(idle)}`);
  }
  for (const { image, label } of matches.pairs) checkGrid(image, label);
  return matches.pairs.map(({ image, label }) => ({ name: image.name, image, label }));
}

function listNames(items: readonly { readonly key: string }[]): string {
  const names = items.slice(0, 3).map(({ key }) => key);
  return `${names.join(', ')}${items.length > 3 ? ', …' : ''}`;
}

function checkGrid(image: DatasetItem, label: DatasetItem): void {
  const [a, b] = [image.header, label.header];
  const shape = preparedShape(b, { orientation: a.orientation });
  if (a.shape.some((side, axis) => side !== shape[axis])) {
    throw new TrainerError(
      'bad-data',
      `the label ${label.path} has ${b.shape.join('×')} voxels, but its image ${image.path} has ${a.shape.join('×')}`,
      { file: label.path },
    );
  }
  const worst = cornerDistance(a, b);
  const voxel = Math.min(...a.spacing);
  if (worst > voxel) {
    throw new TrainerError(
      'bad-data',
      `the label ${label.path} (${b.orientation}) does not lie where its image ${image.path} (${a.orientation}) lies: corners are up to ${worst.toFixed(1)} mm apart`,
      { file: label.path },
    );
  }
}

/** The largest distance in mm from a corner of one grid to the nearest of the other: of places, so that turned axes do not matter. */
function cornerDistance(a: VolumeHeader, b: VolumeHeader): number {
  const others = cornersOf(b);
  const distances = cornersOf(a).map((corner) =>
    Math.min(
      ...others.map((other) => Math.hypot(...corner.map((value, axis) => value - other[axis]))),
    ),
  );
  return Math.max(...distances);
}

/** Where the centers of the corner voxels lie, in mm. */
function cornersOf({ shape, affine }: VolumeHeader): number[][] {
  const corners: number[][] = [];
  for (const x of [0, shape[0] - 1]) {
    for (const y of [0, shape[1] - 1]) {
      for (const z of [0, shape[2] - 1]) {
        corners.push(
          [0, 4, 8].map(
            (row) => affine[row] * x + affine[row + 1] * y + affine[row + 2] * z + affine[row + 3],
          ),
        );
      }
    }
  }
  return corners;
}

/** Reads the label volume of a pair in its own geometry. */
export function readLabel(label: DatasetItem): Promise<Volume> {
  return withItem(label, (handle) => handle.read({ volumeIndex: label.volumeIndex }));
}

/**
 * Reads the label volume of a pair onto the grid of its image: turned as the image is stored, with the image's affine. The grids agree
 * within a voxel (`labeledPairs` has checked it); one affine keeps them equal through resampling.
 */
export async function readLabelLike(label: DatasetItem, image: Volume): Promise<Volume> {
  const own = await readLabel(label);
  const turned = own.orientation === image.orientation ? own : reorient(own, image.orientation);
  return createVolume(turned.data, { affine: image.affine, header: turned.header });
}

/** Pairs whose labels can be read, and the values that occur in them, ascending. */
export interface PairsWithValues {
  readonly pairs: readonly LabeledPair[];
  /** The background first. */
  readonly values: readonly number[];
}

/**
 * Reads every label for its values, and decides which is the background. A pair whose label cannot be read is left out.
 *
 * @throws TrainerError 'bad-data' for a volume that is no label map, and for more values than a network can have classes.
 */
export async function collectLabelValues(
  pairs: readonly LabeledPair[],
  opts: Pick<LabeledPairsOpts, 'strict' | 'onWarning'> & { readonly ignoreLabel?: number },
): Promise<PairsWithValues> {
  const values = new Set<number>();
  const kept: LabeledPair[] = [];
  const readable = readableOnly({
    ...opts,
    indices: pairs.map((_, n) => n),
    pathOf: (n) => pairs[n].label.path,
    get: (n) => readLabel(pairs[n].label),
  });
  for (const [n, pair] of pairs.entries()) {
    const { index, value: label } = await readable(n);
    if (index !== n) continue;
    kept.push(pair);
    for (const value of labelValues(label, pair.label.path)) values.add(value);
    if (values.size <= MOST_CLASSES) continue;
    throw new TrainerError(
      'bad-data',
      `the labels up to ${pair.label.path} hold ${values.size} different values, but a network has at most ${MOST_CLASSES} classes`,
      { file: pair.label.path },
    );
  }
  const sorted = [...values].sort((a, b) => a - b);
  const meaning = chooseClasses(sorted, opts.ignoreLabel);
  if (meaning.warning !== undefined) opts.onWarning?.(meaning.warning);
  return { pairs: kept, values: meaning.values };
}

/** Reads and prepares both volumes of a pair. */
export async function readPair(
  pair: LabeledPair,
  values: readonly number[],
  preparation: Preparation,
  ignoreLabel?: number,
): Promise<LabeledVolume> {
  const image = await readItem(pair.image, preparation.nonFinite);
  const label = await readLabelLike(pair.label, image);
  return {
    image: prepareVolume(image, preparation).data,
    classes: toClasses(prepareLabels(label, preparation), values, pair.label.path, ignoreLabel),
  };
}
