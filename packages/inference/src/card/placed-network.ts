import { Conv3d } from '@genesis/unet3d';
import { type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * A restoring network with a second output, `head.places`: where in its scan each voxel lies, along each axis from −1, one end,
 * to 1, the other. [n, x, y, z, c] → [n, x, y, z, c] and [n, x, y, z, 3]. Shares its layers with `network`.
 */
export function placedNetwork(network: LayersModel, seed: number): LayersModel {
  const places = new Conv3d({
    name: 'head.places',
    filters: 3,
    kernelSize: 1,
    activation: 'linear',
    kernelInit: 'pytorch',
    seed,
  }).apply(network.getLayer('head.conv').input) as SymbolicTensor;
  return model({ inputs: network.inputs, outputs: [...network.outputs, places], name: 'places' });
}
