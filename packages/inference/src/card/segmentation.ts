import { unet3d } from '@genesis/unet3d';
import type { SegmentationCard } from './api.js';
import type { ModelKind } from './kind.js';
import { unetOpts } from './unet-opts.js';

/** Says for each voxel how probable each class is. */
export const segmentationKind: ModelKind<SegmentationCard> = {
  kind: 'segmentation',
  parse: (base, fields) => ({
    ...base,
    kind: 'segmentation',
    classes: fields
      .objects('classes', 2)
      .map((one) => ({ value: one.integer('value'), name: one.text('name') })),
  }),
  build: (card, seed) =>
    unet3d({ ...unetOpts(card, seed), outChannels: card.classes.length, head: 'softmax' }),
};
