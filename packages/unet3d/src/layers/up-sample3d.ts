import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import { upsample3d } from '../ops/upsample3d.js';
import { type BaseLayerOpts, type LayerShape, UnaryLayer } from './base.js';
import { toVec3 } from './to-vec3.js';

/** The factor of {@link UpSample3d}. */
export interface UpSample3dLayerOpts extends BaseLayerOpts {
  /** Repeats along each axis; default 2. */
  size?: number | ReadonlyVec3;
}

/** Nearest-neighbour up-sampling of [n, d, h, w, c]; no weights. */
export class UpSample3d extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisUpSample3d';
  /** Along each spatial axis. */
  readonly size: Vec3;

  constructor(opts: UpSample3dLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
    this.size = toVec3(opts.size ?? 2);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    return upsample3d(x, this.size);
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    const spatial = inputShape.slice(1, 4).map((n, i) => (n == null ? null : n * this.size[i]));
    return [inputShape[0]!, ...spatial, inputShape[4]!];
  }
}
