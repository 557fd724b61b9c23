import { inputChannels } from '../preprocessing/input-channels.js';
import type { PretrainCard } from './api.js';
import { buildUnet } from './build-unet.js';
import type { ModelKind } from './kind.js';
import { labelNetwork } from './label-network.js';
import { withVoxelHeads } from './voxel-heads.js';

/** Restores deformed crops, or tells what was done to them. */
export const pretrainKind: ModelKind<PretrainCard> = {
  kind: 'pretrain',
  parse: (base, fields) => ({
    ...base,
    kind: 'pretrain',
    labels: fields.has('labels')
      ? fields.objects('labels', 1).map((one) => ({
          name: one.text('name'),
          kind: one.oneOf('kind', ['class', 'flags']),
          size: one.integer('size', 1),
        }))
      : undefined,
    places: fields.flag('places'),
    regions: fields.has('regions') ? fields.integer('regions', 2) : undefined,
  }),
  build: (card, seed) => {
    const outChannels = inputChannels(card.preparation);
    const network = buildUnet(card, seed, { outChannels, head: 'sigmoid' });
    if (card.labels) return labelNetwork(network, card.labels, seed);
    return withVoxelHeads(network, card, seed);
  },
};
