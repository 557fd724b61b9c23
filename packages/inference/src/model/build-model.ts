import { classifier, unet3d } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelInfo, NetworkConfig } from '../card/api.js';

/** Groups of group normalisation. */
const GROUPS = 8;

/** The network that `info` describes, with random weights that depend on the seed alone. */
export function buildModel(
  info: Pick<ModelInfo, 'kind' | 'network' | 'crop' | 'classes'>,
  seed: number,
): LayersModel {
  const base = { ...networkOpts(info.network), inputShape: [...info.crop, 1] as InputShape, seed };
  switch (info.kind) {
    case 'pretrain':
      return unet3d({ ...base, outChannels: 1, head: 'sigmoid' });
    case 'segmentation':
      return unet3d({ ...base, outChannels: info.classes.length, head: 'softmax' });
    case 'classification': {
      const encoder = unet3d({ ...base, outChannels: 1, head: 'sigmoid' });
      return classifier(encoder, { classes: info.classes.length, seed });
    }
  }
}

type InputShape = [number, number, number, number];

function networkOpts(network: NetworkConfig) {
  const { norm, ...rest } = network;
  return { ...rest, norm: norm === 'group' ? { groups: GROUPS } : norm };
}
