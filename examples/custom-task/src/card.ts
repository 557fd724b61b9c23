import { type CardBase, type ModelKind, unetOpts } from '@genesis/inference';
import { classifier, unet3d } from '@genesis/unet3d';

/** A network that gives one number: (age − mean) / sd. */
export interface AgeCard extends CardBase {
  readonly kind: 'age';
  /** Years. */
  readonly mean: number;
  readonly sd: number;
}

declare module '@genesis/inference' {
  interface ModelCards {
    age: AgeCard;
  }
}

export const ageKind: ModelKind<AgeCard> = {
  kind: 'age',
  parse: (base, fields) => ({
    ...base,
    kind: 'age',
    mean: fields.number('mean'),
    sd: fields.number('sd'),
  }),
  build: (card, seed) =>
    classifier(unet3d({ ...unetOpts(card, seed), outChannels: 1 }), {
      classes: 1,
      head: 'linear',
      hidden: 0,
      seed,
    }),
};
