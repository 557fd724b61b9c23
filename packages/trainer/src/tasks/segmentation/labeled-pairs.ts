import { firstVolume, type Preparation, prepareImage, prepareLabels } from '@genesis/inference';
import type { NdArray } from 'ndarray';
import { type DatasetItem, readChannels } from '../../data/dataset.js';
import { gridDifference } from '../../data/grid-difference.js';
import { labelValues, MOST_CLASSES } from '../../data/label-values.js';
import type { CaseSplit, FoundDataset, LayoutName } from '../../data/layouts/api.js';
import { findDataset } from '../../data/layouts/find-dataset.js';
import { selectChannels } from '../../data/layouts/select-channels.js';
import { readLabel, readLabelLike } from '../../data/read-label.js';
import { readableOnly } from '../../data/readable.js';
import { TrainerError } from '../../errors.js';
import { plural } from '../../plural.js';
import { chooseClasses, toClasses } from './label-classes.js';

export interface LabeledPair {
  readonly name: string;
  readonly image: DatasetItem;
  readonly label: DatasetItem;
  /** On which side, and in which fold, the dataset itself puts it. */
  readonly split?: CaseSplit;
  readonly fold?: number;
}

/** An image with its classes on the same grid, ready for the network. */
export interface LabeledVolume {
  /** Normalised, [x, y, z], or [x, y, z, channels] for several. */
  readonly image: NdArray<Float32Array>;
  /** Positions in the list of classes, [x, y, z], C order. */
  readonly classes: NdArray<Uint8Array>;
}

export interface LabeledPairsOpts {
  /** A dataset, or the folder of its images. */
  readonly images: string;
  /** Folder of its labels. Default: the dataset's own. */
  readonly labels?: string;
  /** How the dataset lies on disk. Default 'auto'. */
  readonly layout?: LayoutName | 'auto';
  /** The channels wanted, by their names. Default: all. */
  readonly channels?: readonly string[];
  /** Take images that lack a channel, and channels on other grids. */
  readonly allowMissing?: boolean;
  readonly resample?: boolean;
  /** Take the cases that the dataset puts aside for tests too. Default false. */
  readonly withTests?: boolean;
  /** Refuse volumes that cannot be used, instead of leaving them out. */
  readonly strict?: boolean;
  readonly onWarning?: (text: string) => void;
}

/** The labelled cases of a dataset, and what it says about them. */
export interface LabeledPairs extends Pick<FoundDataset, 'channels' | 'ignoreLabel'> {
  readonly pairs: readonly LabeledPair[];
  /** Names of classes by their labels, the ignored one not among them; left out where the dataset names none. */
  readonly classNames?: ReadonlyMap<number, string>;
}

/**
 * Finds the images of a dataset with their labels, of two folders by name, and checks that each label lies on the grid of its
 * image. Labels without image are named; an image whose label cannot be read is left out with it.
 *
 * @throws TrainerError 'bad-data' naming both files when names, shapes or geometry do not fit.
 */
export async function labeledPairs(opts: LabeledPairsOpts): Promise<LabeledPairs> {
  const { images, withTests = false, strict, onWarning } = opts;
  const dataset = await findDataset(opts);
  const { ignoreLabel, idleLabels, labelKeys } = dataset;
  const { allowMissing, resample } = opts;
  const wantedChannels = { path: images, wanted: opts.channels, allowMissing, resample };
  const { cases, channels } = selectChannels(dataset, wantedChannels);
  const wanted = withTests ? cases : cases.filter(({ split }) => split !== 'test');
  const [missing, ...others] = wanted.filter(({ label }) => !label);
  // A list of cases may name some that nobody has labelled; equal names in two folders are a promise.
  const isPromised = dataset.layout === 'folders' || others.length + 1 === wanted.length;
  if (missing && (strict || isPromised)) {
    const rest = others.length > 0 ? ` (and ${others.length} more)` : '';
    throw new TrainerError(
      'bad-data',
      labelKeys.length === 0
        ? `${images}: no labels were found for ${missing.image.path}${rest}; give their folder (--labels), or say how the dataset lies on disk (--layout)`
        : `${missing.image.path} has no label of the same name${rest}; labels: ${listNames(labelKeys)}`,
      { file: missing.image.path },
    );
  }
  if (missing) {
    onWarning?.(
      `${others.length + 1} of ${wanted.length} cases have no label and are not used: ${listNames([missing, ...others].map(({ image }) => image.name))}`,
    );
  }
  if (idleLabels.length > 0) {
    onWarning?.(
      `${plural(idleLabels.length, 'label')} ${idleLabels.length === 1 ? 'has no image and is' : 'have no image and are'} not used: ${listNames(idleLabels.map(({ key }) => key))}`,
    );
  }
  const pairs = wanted.flatMap(({ image, label, split, fold }) =>
    label ? [{ name: image.name, image, label, split, fold }] : [],
  );
  for (const { image, label } of pairs) {
    const difference = gridDifference(image, label);
    if (difference) throw new TrainerError('bad-data', difference, { file: label.path });
  }
  return { pairs, channels, ignoreLabel, classNames: classNames(dataset, images) };
}

/** @throws TrainerError 'bad-data' for regions, whose labels overlap. */
function classNames(
  { classes }: FoundDataset,
  images: string,
): ReadonlyMap<number, string> | undefined {
  const region = classes?.find(({ values }) => values.length > 1);
  if (region) {
    throw new TrainerError(
      'bad-data',
      `${images} has regions (${region.name} is ${region.values.join(' or ')}), which overlap, but each voxel can get one class only: name single labels in its dataset.json, such as {"background": 0, "edema": 1, "core": 2}`,
      { file: images },
    );
  }
  return classes && new Map(classes.map(({ name, values }) => [values[0], name]));
}

function listNames(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
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
  opts: Pick<LabeledPairsOpts, 'strict' | 'onWarning'> & {
    readonly ignoreLabel?: number;
    /** Names of the classes that the dataset knows: they are classes even where no label map has them. */
    readonly classNames?: ReadonlyMap<number, string>;
  },
): Promise<PairsWithValues> {
  const values = new Set<number>(opts.classNames?.keys());
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
  const unknown = sorted.filter(
    (value) => opts.classNames && !opts.classNames.has(value) && value !== opts.ignoreLabel,
  );
  if (unknown.length > 0) {
    opts.onWarning?.(
      `the label maps hold ${unknown.join(', ')}, which the dataset does not name: taken for classes of their own`,
    );
  }
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
  const image = await readChannels(pair.image, preparation.nonFinite);
  const label = await readLabelLike(pair.label, firstVolume(image));
  return {
    image: prepareImage(image, preparation).data,
    classes: toClasses(prepareLabels(label, preparation), values, pair.label.path, ignoreLabel),
  };
}
