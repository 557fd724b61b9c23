import {
  type HeadActivation,
  type ResidualUNet3dOpts,
  residualUnet3d,
  type UNet3dOpts,
  unet3d,
} from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { CardBase } from './api.js';
import { unetOpts } from './unet-opts.js';

/** nnU-Net's stages have no more channels than this. */
const MOST_CHANNELS = 320;

/** The last layer of a network. */
export interface UnetHead {
  readonly outChannels: number;
  readonly head: HeadActivation;
}

/** The U-Net that a card describes with random weights that depend on the seed alone; the caller disposes it. */
export function buildUnet(card: CardBase, seed: number, head: UnetHead): LayersModel {
  const opts = { ...unetOpts(card, seed), ...head };
  if (card.network.architecture !== 'residual') return unet3d(opts);
  return residualUnet3d(residualOpts(opts, card.network.levels));
}

/** As nnU-Net plans it: channels double from stage to stage up to 320, as many blocks in each as in its own networks. */
function residualOpts(opts: UNet3dOpts, levels: number): ResidualUNet3dOpts {
  const { width = 32, activation, inputShape, norm, outChannels, head, seed, skips } = opts;
  const features = Array.from({ length: levels }, (_, level) =>
    Math.min(width * 2 ** level, Math.max(width, MOST_CHANNELS)),
  );
  const fused = activation === 'prelu' ? 'leakyRelu' : activation;
  return { inputShape, features, activation: fused, norm, outChannels, head, seed, skips };
}
