import type { UNet3dOpts } from '@genesis/unet3d';
import { inputChannels } from '../preprocessing/input-channels.js';
import type { CardBase } from './api.js';

/** Groups of group normalization. */
const GROUPS = 8;

/** The options of the U-Net that a card describes, all but those of its last layer. */
export function unetOpts({ network, crop, preparation }: CardBase, seed: number): UNet3dOpts {
  const { norm, architecture: _, ...rest } = network;
  return {
    ...rest,
    norm: norm === 'group' ? { groups: GROUPS } : norm,
    inputShape: [...crop, inputChannels(preparation)],
    seed,
  };
}
