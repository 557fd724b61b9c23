import type * as tfl from '@tensorflow/tfjs-layers';
import { getWeights } from './get-weights.js';
import { nameNnunetWeights } from './name-nnunet-weights.js';
import { namePytorchWeights } from './name-pytorch-weights.js';
import type { OwnWeight, TorchWeights } from './torch-names.js';

/**
 * All weights of a model under the names and in the layout of a PyTorch state dict, so that the network that they come from loads them
 * with `strict=True`: the reference's for a `unet3d`, nnU-Net's ResidualEncoderUNet for a `residualUnet3d`. Layers that these do not have,
 * such as the head of a classifier, keep our names. `importWeights` is the way back.
 *
 * @param model - Neither changed nor kept.
 * @returns New arrays that the caller owns, kernels [out, in, x, y, z].
 */
export async function torchWeights(model: tfl.LayersModel): Promise<TorchWeights> {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer.getConfig().norm]));
  const weights: OwnWeight[] = [];
  for (const [name, tensor] of await getWeights(model)) {
    const layer = [...layers.keys()].find((one) => name.startsWith(`${one}.`)) ?? '';
    const isOverBatch = /^batch/.test(String(layers.get(layer)));
    weights.push({ layer, field: name.slice(layer.length + 1), tensor, isOverBatch });
  }
  return layers.has('encoder.stem')
    ? nameNnunetWeights(weights, new Set(layers.keys()))
    : namePytorchWeights(weights);
}
