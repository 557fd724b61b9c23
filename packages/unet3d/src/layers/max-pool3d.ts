import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import { maxPool3d } from '../ops/max-pool3d.js';
import { type BaseLayerOpts, type LayerShape, UnaryLayer } from './base.js';
import { toVec3 } from './to-vec3.js';

/** The window of {@link MaxPool3d}. */
export interface MaxPool3dLayerOpts extends BaseLayerOpts {
  /** Window and stride; default 2. */
  size?: number | ReadonlyVec3;
}

/** Largest voxel of each window of [n, d, h, w, c], windows side by side, rest dropped; no weights. */
export class MaxPool3d extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisMaxPool3d';
  /** Along each spatial axis. */
  readonly size: Vec3;

  constructor(opts: MaxPool3dLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
    this.size = toVec3(opts.size ?? 2);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    return maxPool3d(x, this.size);
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    const spatial = inputShape
      .slice(1, 4)
      .map((n, i) => (n == null ? null : Math.floor(n / this.size[i])));
    return [inputShape[0]!, ...spatial, inputShape[4]!];
  }
}
