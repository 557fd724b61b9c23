import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { concatChannels } from '../ops/concat-channels.js';
import type { BaseLayerOpts, LayerInput, LayerShape } from './base.js';

/** Takes [a, b], joins their channels, a first; no weights. */
export class ConcatChannels extends tfl.layers.Layer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisConcatChannels';

  constructor(opts: BaseLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
  }

  override call(inputs: LayerInput): tf.Tensor {
    const [a, b] = inputs as [tf.Tensor5D, tf.Tensor5D];
    return concatChannels(a, b);
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    const [a, b] = inputShape as [LayerShape, LayerShape];
    return [...a.slice(0, 4), a[4]! + b[4]!];
  }
}
