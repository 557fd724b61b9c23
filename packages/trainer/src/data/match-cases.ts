import { TrainerError } from '../errors.js';
import { baseKey } from './label-names.js';

/** A volume, or a row of a table, by what it is called. */
export interface Named {
  /** Path below its folder, without extension. */
  readonly key: string;
  /** For messages. */
  readonly path: string;
}

export interface Matches<I, L> {
  readonly pairs: readonly { readonly image: I; readonly label: L }[];
  /** Labels that no image took. */
  readonly labels: readonly L[];
  /** Images without label. */
  readonly images: readonly I[];
}

/** Ways to say what a volume is called, from the strictest to the loosest. */
const WAYS: readonly { readonly keyOf: (key: string) => string; readonly isLoose?: boolean }[] = [
  { keyOf: (key) => key },
  { keyOf: baseKey },
  // A folder per case: images/s0/ct with labels/s0/organs, or with labels/s0.
  { keyOf: (key) => baseKey(parentOf(key)), isLoose: true },
  { keyOf: (key) => baseKey(lastPart(key)), isLoose: true },
  { keyOf: (key) => baseKey(key.split('/')[0]), isLoose: true },
];

/**
 * Pairs images with labels. Each way of comparing names, from the whole path below the folder to a part of it without endings such
 * as `_0000` or `_seg`, pairs what it can of those left over by the one before. A part of a path counts only where it belongs to
 * one image and one label of all. No label is given twice.
 *
 * @throws TrainerError 'bad-data' when several labels fit an image, or several images a label.
 */
export function matchCases<I extends Named, L extends Named>(
  images: readonly I[],
  labels: readonly L[],
): Matches<I, L> {
  const found = new Map<I, L>();
  let [restImages, restLabels] = [images, labels];
  for (const { keyOf, isLoose } of WAYS) {
    const [allImages, allLabels] = [groupBy(images, keyOf), groupBy(labels, keyOf)];
    const right = groupBy(restLabels, keyOf);
    for (const [key, left] of groupBy(restImages, keyOf)) {
      const fitting = right.get(key) ?? [];
      if (fitting.length === 0) continue;
      if (isLoose) {
        const isUnique = allImages.get(key)?.length === 1 && allLabels.get(key)?.length === 1;
        if (!isUnique) continue;
      } else if (left.length > 1 || fitting.length > 1) refuse(left, fitting);
      found.set(left[0], fitting[0]);
    }
    const taken = new Set(found.values());
    restImages = restImages.filter((image) => !found.has(image));
    restLabels = restLabels.filter((label) => !taken.has(label));
  }
  return {
    pairs: images.flatMap((image) => {
      const label = found.get(image);
      return label ? [{ image, label }] : [];
    }),
    images: restImages,
    labels: restLabels,
  };
}

function refuse(images: readonly Named[], labels: readonly Named[]): never {
  const paths = (some: readonly Named[]): string => some.map(({ path }) => path).join(', ');
  throw new TrainerError(
    'bad-data',
    labels.length > 1
      ? `${labels.length} labels fit the image ${images[0].path}: ${paths(labels)}`
      : `the images ${paths(images)} would all get the label ${labels[0].path}`,
    { file: images[0].path },
  );
}

function groupBy<T extends Named>(
  items: readonly T[],
  keyOf: (key: string) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item.key);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** The folder of a key; one without folder stands for itself. */
function parentOf(key: string): string {
  const at = key.lastIndexOf('/');
  return at < 0 ? key : key.slice(0, at);
}

const lastPart = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
