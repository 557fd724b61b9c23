import { unet3d } from '@genesis/unet3d';
import type { PretrainCard } from './api.js';
import type { ModelKind } from './kind.js';
import { unetOpts } from './unet-opts.js';

/** Restores deformed crops. */
export const pretrainKind: ModelKind<PretrainCard> = {
  kind: 'pretrain',
  parse: (base) => ({ ...base, kind: 'pretrain' }),
  build: (card, seed) => unet3d({ ...unetOpts(card, seed), outChannels: 1, head: 'sigmoid' }),
};
