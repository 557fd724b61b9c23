import { gridsDiffer } from '@genesis/inference';
import type { DatasetItem } from './dataset.js';

/** Why a label does not lie on the grid of its image, turned axes aside; undefined when it does. */
export function gridDifference(image: DatasetItem, label: DatasetItem): string | undefined {
  return gridsDiffer(
    { ...image, what: `its image ${image.path}` },
    { ...label, what: `the label ${label.path}` },
  );
}

/** Why a channel does not lie on the grid of the first one; undefined when it does. */
export function channelDifference(first: DatasetItem, other: DatasetItem): string | undefined {
  return gridsDiffer({ ...first, what: first.path }, { ...other, what: other.path });
}
