import { classifier } from '@genesis/unet3d';
import type { ClassificationCard } from './api.js';
import { buildUnet } from './build-unet.js';
import type { ModelKind } from './kind.js';

/** Says for a whole volume how probable each class is. */
export const classificationKind: ModelKind<ClassificationCard> = {
  kind: 'classification',
  parse: (base, fields) => ({
    ...base,
    kind: 'classification',
    classes: fields
      .objects('classes', 2)
      .map((one) => ({ value: one.text('value'), name: one.text('name') })),
    fit: fields.oneOf('fit', ['center', 'resize']),
  }),
  build: (card, seed) => {
    const encoder = buildUnet(card, seed, { outChannels: 1, head: 'sigmoid' });
    return classifier(encoder, { classes: card.classes.length, seed });
  },
};
