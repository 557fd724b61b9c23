import * as tfl from '@tensorflow/tfjs-layers';
import type { HeadActivation, KernelInit } from '../api.js';
import { UNet3dError } from '../errors.js';
import { Conv3d } from '../layers/conv3d.js';

/** The outputs that {@link deeplySupervised} adds. */
export interface DeeplySupervisedOpts {
  /** Channels of each added output, as many as the network's own has. */
  outChannels: number;
  /** Their activation, the network's own. */
  head: HeadActivation;
  /** How their kernels start, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of their first weights, default 0. */
  seed?: number;
}

/**
 * A network with an output at each resolution of its decoder but the coarsest, the finest (its own) first: for training by
 * `deepSupervision`, which makes deep layers learn from the labels at once. The layers are those of `from`, with a 1×1×1
 * convolution `head.level1`, `head.level2`, … for each added output, so that weights learnt here are learnt there; dispose
 * only one of the two.
 */
export function deeplySupervised(
  from: tfl.LayersModel,
  { outChannels, head, kernelInit = 'pytorch', seed = 0 }: DeeplySupervisedOpts,
): tfl.LayersModel {
  const last = new Map<number, tfl.layers.Layer>();
  for (const layer of from.layers) {
    const level = /^decoder\.(\d+)\./.exec(layer.name)?.[1];
    if (level !== undefined) last.set(Number(level), layer);
  }
  if (last.size === 0) {
    throw new UNet3dError('no-decoder', `Model ${from.name} has no layers named decoder.…`);
  }
  const outputs = [from.outputs[0]];
  for (let level = 1; level < last.size - 1; level++) {
    const layer = new Conv3d({
      name: `head.level${level}`,
      filters: outChannels,
      kernelSize: 1,
      activation: head,
      kernelInit,
      seed,
    });
    outputs.push(layer.apply(last.get(level)?.output ?? []) as tfl.SymbolicTensor);
  }
  return tfl.model({ inputs: from.inputs, outputs, name: `${from.name}.supervised` });
}
