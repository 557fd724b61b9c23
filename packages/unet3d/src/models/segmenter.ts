import * as tfl from '@tensorflow/tfjs-layers';
import type { HeadActivation, KernelInit } from '../api.js';
import { UNet3dError } from '../errors.js';
import { Conv3d } from '../layers/conv3d.js';
import { freeze } from '../train/freeze.js';
import { disposeRest } from './dispose-rest.js';

/** The head of a {@link segmenter}, and what becomes of the network that it is made from. */
export interface SegmenterOpts {
  /** Number of output channels; with softmax the background counts. */
  classes: number;
  /** Default `sigmoid` for one class, `softmax` for more. */
  head?: HeadActivation;
  /** How the kernel of the head starts, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of the first weights of the head, default 0. */
  seed?: number;
  /** Start with the encoder frozen, default false. */
  freezeEncoder?: boolean;
  /** Leave `from` intact (its layers are then shared by both models), default false. */
  keepSource?: boolean;
}

/**
 * A segmentation network from a pre-trained one: same encoder and decoder, a new last 1×1×1
 * convolution `head.conv`. [n, x, y, z, c] → [n, x, y, z, classes]. Ownership as with `classifier`.
 */
export function segmenter(from: tfl.LayersModel, opts: SegmenterOpts): tfl.LayersModel {
  const { classes, kernelInit = 'pytorch', seed = 0 } = opts;
  const old = from.layers.find((layer) => layer.name === 'head.conv');
  if (!old)
    throw new UNet3dError('no-head', `Model ${from.name} has no layer head.conv to replace.`);
  const head = new Conv3d({
    name: 'head.conv',
    filters: classes,
    kernelSize: 1,
    activation: opts.head ?? (classes === 1 ? 'sigmoid' : 'softmax'),
    kernelInit,
    seed,
  });
  let output = head.apply(old.input) as tfl.SymbolicTensor;
  const crop = from.layers.find((layer) => layer.name === 'output.crop');
  if (crop) output = crop.apply([output, from.inputs[0]]) as tfl.SymbolicTensor;
  const model = tfl.model({ inputs: from.inputs, outputs: output, name: 'segmenter' });
  if (opts.freezeEncoder) freeze(model, 'encoder.');
  if (!opts.keepSource) disposeRest(from, model);
  return model;
}
