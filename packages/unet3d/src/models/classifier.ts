import * as tfl from '@tensorflow/tfjs-layers';
import type { HeadActivation, KernelInit } from '../api.js';
import { Dense } from '../layers/dense.js';
import { GlobalAveragePool3d } from '../layers/global-average-pool3d.js';
import { freeze } from '../train/freeze.js';
import { disposeRest } from './dispose-rest.js';
import { encoderOutput } from './encoder-of.js';

/** The head of a {@link classifier}, and what becomes of the network that it is made from. */
export interface ClassifierOpts {
  /** Number of outputs; 1 with a sigmoid is the binary case. */
  classes: number;
  /** Units of the hidden dense layer, default 1024; 0 leaves it out. */
  hidden?: number;
  /** Default `sigmoid` for one class, `softmax` for more. */
  head?: HeadActivation;
  /** How the kernels of the head start, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of the first weights of the head, default 0. */
  seed?: number;
  /** Start with the encoder frozen, default false. */
  freezeEncoder?: boolean;
  /** Leave `from` intact (its encoder is then shared by both models), default false. */
  keepSource?: boolean;
}

/**
 * A classifier from a network's encoder: global average pool, dense 1024 with ReLU, dense
 * `classes`. [n, x, y, z, c] → [n, classes]. Layers: those of the encoder, `head.pool`, `head.dense`, `head.out`.
 *
 * The encoder's layers are taken over, not copied; unless `keepSource`, the rest of `from` is
 * disposed, and disposing the classifier then frees everything. With `keepSource` dispose only one
 * of the two.
 */
export function classifier(from: tfl.LayersModel, opts: ClassifierOpts): tfl.LayersModel {
  const { classes, hidden = 1024, kernelInit = 'pytorch', seed = 0 } = opts;
  const head = opts.head ?? (classes === 1 ? 'sigmoid' : 'softmax');
  let x = new GlobalAveragePool3d({ name: 'head.pool' }).apply(encoderOutput(from));
  if (hidden > 0) {
    x = new Dense({
      name: 'head.dense',
      units: hidden,
      activation: 'relu',
      kernelInit,
      seed,
    }).apply(x);
  }
  x = new Dense({ name: 'head.out', units: classes, activation: head, kernelInit, seed }).apply(x);
  const model = tfl.model({
    inputs: from.inputs,
    outputs: x as tfl.SymbolicTensor,
    name: 'classifier',
  });
  if (opts.freezeEncoder) freeze(model, 'encoder.');
  if (!opts.keepSource) disposeRest(from, model);
  return model;
}
