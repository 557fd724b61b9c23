import { TrainerError } from '../errors.js';

/** Ends of names that say what a file is, not whose it is. */
const ENDINGS =
  /[-_. ]?(?:0000|images?|img|ct|mr|labels?|lbl|seg(?:mentation)?|masks?|gt|ground[-_]?truth)$/i;

/** A name without extension and without such an ending: 'case7_0000' and 'case7-label' are both 'case7'. */
export function baseName(name: string): string {
  const base = name.replace(ENDINGS, '');
  return base === '' ? name : base;
}

export interface Named {
  readonly name: string;
  readonly path: string;
}

/**
 * Finds for every image the label of the same name; where no name is the same, endings such as `_0000` or `_seg` are
 * left aside.
 *
 * @throws TrainerError 'bad-data' for an image without label, or when two labels would fit.
 */
export function matchByName<I extends Named, L extends Named>(
  images: readonly I[],
  labels: readonly L[],
): { image: I; label: L }[] {
  const exact = group(labels, (name) => name);
  const loose = group(labels, baseName);
  const missing: string[] = [];
  const pairs: { image: I; label: L }[] = [];
  const taken = new Map<L, I>();
  for (const image of images) {
    const found = exact.get(image.name) ?? loose.get(baseName(image.name)) ?? [];
    if (found.length > 1) {
      throw new TrainerError(
        'bad-data',
        `${found.length} labels fit the image ${image.path}: ${found.map((label) => label.path).join(', ')}`,
        { file: image.path },
      );
    }
    const [label] = found;
    if (!label) {
      missing.push(image.path);
      continue;
    }
    const other = taken.get(label);
    if (other) {
      throw new TrainerError(
        'bad-data',
        `the images ${other.path} and ${image.path} would both get the label ${label.path}`,
        { file: label.path },
      );
    }
    taken.set(label, image);
    pairs.push({ image, label });
  }
  if (missing.length > 0) {
    const rest = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
    throw new TrainerError(
      'bad-data',
      `${missing[0]} has no label of the same name${rest}; labels: ${labels
        .slice(0, 3)
        .map((label) => label.name)
        .join(', ')}${labels.length > 3 ? ', …' : ''}`,
      { file: missing[0] },
    );
  }
  return pairs;
}

function group<T extends Named>(
  items: readonly T[],
  key: (name: string) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item.name);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}
