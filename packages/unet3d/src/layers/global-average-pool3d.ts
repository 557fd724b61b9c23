import type * as tf from '@tensorflow/tfjs-core';
import { globalAveragePool3d } from '../ops/global-average-pool3d.js';
import { type BaseLayerOpts, type LayerShape, UnaryLayer } from './base.js';

/** Mean over space, [n, d, h, w, c] → [n, c]; no weights. */
export class GlobalAveragePool3d extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisGlobalAveragePool3d';

  constructor(opts: BaseLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    return globalAveragePool3d(x);
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    return [inputShape[0]!, inputShape[4]!];
  }
}
