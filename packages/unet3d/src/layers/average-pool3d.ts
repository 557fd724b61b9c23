import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import { averagePool3d } from '../ops/average-pool3d.js';
import { type BaseLayerOpts, type LayerShape, UnaryLayer } from './base.js';
import { toVec3 } from './to-vec3.js';

/** The window of {@link AveragePool3d}. */
export interface AveragePool3dLayerOpts extends BaseLayerOpts {
  /** Window and stride; default 2. The input must be divisible. */
  size?: number | ReadonlyVec3;
}

/** Mean of each window of [n, d, h, w, c], windows side by side; no weights. */
export class AveragePool3d extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisAveragePool3d';
  /** Along each spatial axis. */
  readonly size: Vec3;

  constructor(opts: AveragePool3dLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
    this.size = toVec3(opts.size ?? 2);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    return averagePool3d(x, this.size);
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    const spatial = inputShape
      .slice(1, 4)
      .map((n, i) => (n == null ? null : Math.floor(n / this.size[i])));
    return [inputShape[0]!, ...spatial, inputShape[4]!];
  }
}
