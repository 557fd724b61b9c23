import type { DatasetItem } from '../../data/dataset.js';

/** What names of cases of the validation folder begin with. */
export const VALIDATION = 'validation/';

/** An item of the validation folder, whose name may be that of one to train on. Patients stay who they are. */
export function asValidation(item: DatasetItem): DatasetItem {
  const { key, name, group, channels, masks } = item;
  return {
    ...item,
    key: `${VALIDATION}${key}`,
    name: `${VALIDATION}${name}`,
    group: group.startsWith('patient ') ? group : `${VALIDATION}${group}`,
    channels: channels?.map((channel) => channel && asValidation(channel)),
    masks: masks?.map((mask) => ({ ...mask, item: asValidation(mask.item) })),
  };
}
