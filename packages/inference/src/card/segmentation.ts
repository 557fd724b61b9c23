import type { SegmentationCard } from './api.js';
import { buildUnet } from './build-unet.js';
import type { ModelKind } from './kind.js';

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
    buildUnet(card, seed, { outChannels: card.classes.length, head: 'softmax' }),
};
