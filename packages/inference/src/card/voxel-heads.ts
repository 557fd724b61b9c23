import { Conv3d, type HeadActivation } from '@genesis/unet3d';
import { type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { PretrainCard } from './api.js';

/**
 * A restoring network with the other outputs that a card asks for, each from the last features. `head.places`: where in the body
 * each voxel lies, along each axis from −1, one end, to 1, the other; `head.regions`: the probability of each region. [n, x, y, z, c] →
 * [n, x, y, z, c], [n, x, y, z, 3], [n, x, y, z, regions]. Shares its layers with `network`, which it is where nothing is asked for.
 */
export function withVoxelHeads(
  network: LayersModel,
  { places, regions }: Pick<PretrainCard, 'places' | 'regions'>,
  seed: number,
): LayersModel {
  if (!places && regions === undefined) return network;
  const features = network.getLayer('head.conv').input;
  const head = (name: string, filters: number, activation: HeadActivation): SymbolicTensor =>
    new Conv3d({
      name: `head.${name}`,
      filters,
      kernelSize: 1,
      activation,
      kernelInit: 'pytorch',
      seed,
    }).apply(features) as SymbolicTensor;
  const outputs = [...network.outputs];
  if (places) outputs.push(head('places', 3, 'linear'));
  if (regions !== undefined) outputs.push(head('regions', regions, 'softmax'));
  return model({ inputs: network.inputs, outputs, name: 'voxel-outputs' });
}
