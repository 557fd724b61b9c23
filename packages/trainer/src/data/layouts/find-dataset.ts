import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { listDataset, tellLeftOut, tellNotes } from '../dataset.js';
import { matchCases } from '../match-cases.js';
import type { FoundDataset, LayoutName } from './api.js';
import { describeDataset } from './describe-dataset.js';
import { splitFolders } from './detect-layout.js';
import { listNames } from './list-files.js';
import { openCases } from './open-cases.js';
import { resolveLayout } from './resolve-layout.js';

export interface FindDatasetOpts {
  /** A folder, a file that describes a dataset, or a volume. */
  readonly images: string;
  /** Folder of label volumes. Default: the dataset's own. */
  readonly labels?: string;
  /** How the dataset lies on disk. Default 'auto': as it looks; with `labels` two folders. */
  readonly layout?: LayoutName | 'auto';
  /** Images alone are wanted: labels are not looked for, and a layout is only taken where the path or a json says so. */
  readonly imagesOnly?: boolean;
  readonly strict?: boolean;
  readonly exclude?: string;
  readonly onWarning?: (text: string) => void;
}

/**
 * Finds the cases of a dataset, whatever its layout, and reads their headers. Whether images and labels fit together is not
 * looked at.
 *
 * @throws TrainerError 'no-data' when there are no cases, 'bad-data'; VolumeIoError when the path does not exist.
 */
export async function findDataset(opts: FindDatasetOpts): Promise<FoundDataset> {
  const { images, labels, layout = 'auto', imagesOnly = false, strict, onWarning } = opts;
  const isPair = layout === 'auto' && labels !== undefined;
  const found = isPair
    ? ({ layout: 'folders', path: images } as const)
    : await resolveLayout(images, layout, imagesOnly);
  if (found.layout === 'folders') return findInFolders(opts);
  const { path } = found;
  const description = await describeDataset(found.layout, { path, labels });
  const { cases, leftOut } = await openCases(description, { strict, withoutLabels: imagesOnly });
  const warn = onWarning ?? (() => undefined);
  tellLeftOut(path, leftOut, cases.length, warn);
  if (cases.length === 0) {
    const [first] = leftOut;
    throw new TrainerError(
      'no-data',
      first
        ? `${path}: there is no case that can be used; ${first.path}: ${first.reason}`
        : `${path}: there are no cases`,
      { file: path },
    );
  }
  const items = cases.map(({ image }) => image);
  tellNotes(items, warn);
  const { channels, classes, ignoreLabel } = description;
  const labelKeys = cases.flatMap(({ label }) => (label ? [label.key] : []));
  return {
    layout: found.layout,
    channels,
    classes,
    ignoreLabel,
    cases,
    leftOut,
    idleLabels: [],
    labelKeys,
  };
}

/** The volumes of one folder, with the labels of the same names in another. */
async function findInFolders(opts: FindDatasetOpts): Promise<FoundDataset> {
  const { strict, exclude, onWarning, imagesOnly } = opts;
  const { images, labels } = imagesOnly ? opts : await folderPair(opts);
  const imageSet = await listDataset(images, { role: 'image', strict, exclude, onWarning });
  if (labels === undefined || imagesOnly) {
    const cases = imageSet.items.map((image) => ({ image }));
    return { layout: 'folders', cases, leftOut: imageSet.leftOut, idleLabels: [], labelKeys: [] };
  }
  const labelSet = await listDataset(labels, { role: 'label', strict, onWarning });
  const matches = matchCases(imageSet.items, labelSet.items);
  const broken = new Set(
    matchCases(matches.images, labelSet.leftOut).pairs.map(({ image }) => image),
  );
  const labelOf = new Map(matches.pairs.map(({ image, label }) => [image, label]));
  return {
    layout: 'folders',
    cases: imageSet.items
      .filter((image) => !broken.has(image))
      .map((image) => ({ image, label: labelOf.get(image) })),
    leftOut: [...imageSet.leftOut, ...labelSet.leftOut],
    // An image that was left out is missed by nobody else.
    idleLabels: matchCases(matches.labels, imageSet.leftOut).images,
    labelKeys: labelSet.items.map(({ key }) => key),
  };
}

/** The two folders: those that were given, or `images` and `labels` (`imagesTr` and `labelsTr`) in the one that was. */
async function folderPair({ images, labels }: FindDatasetOpts): Promise<{
  readonly images: string;
  readonly labels?: string;
}> {
  const isFolder = (await stat(images).catch(() => undefined))?.isDirectory() ?? false;
  if (labels !== undefined || !isFolder) return { images, labels };
  const pair = splitFolders((await listNames(images)).folders);
  return pair
    ? { images: join(images, pair.images), labels: join(images, pair.labels) }
    : { images };
}
