import { type ResidualUNet3dOpts, residualUnet3d } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The network that the fixture `nnunet_weights` has weights for: few features, steps and kernels that differ by axis. */
export function nnunetNetwork(opts: Partial<Pick<ResidualUNet3dOpts, 'head'>> = {}): LayersModel {
  return residualUnet3d({
    inputShape: [4, 8, 12, 1],
    features: [3, 4, 6],
    blocks: [1, 2, 2],
    strides: [1, [1, 2, 2], 2],
    kernels: [[1, 3, 3], 3, 3],
    decoderConvs: [2, 1],
    outChannels: 2,
    ...opts,
  });
}
