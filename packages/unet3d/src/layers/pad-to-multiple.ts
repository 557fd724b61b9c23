import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import { padZeros3d } from '../ops/pad-zeros3d.js';
import { type BaseLayerOpts, type LayerShape, UnaryLayer } from './base.js';
import { toVec3 } from './to-vec3.js';

/** What {@link PadToMultiple} pads to. */
export interface PadToMultipleLayerOpts extends BaseLayerOpts {
  /** Each spatial size grows to the next multiple of this. */
  multiple: number | ReadonlyVec3;
}

/** Adds zeros evenly on both sides of each spatial axis (the odd one behind); no weights. */
export class PadToMultiple extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisPadToMultiple';
  /** Along each spatial axis. */
  readonly multiple: Vec3;

  constructor(opts: PadToMultipleLayerOpts) {
    super({ name: opts.name, trainable: opts.trainable });
    this.multiple = toVec3(opts.multiple);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), multiple: this.multiple };
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    const missing = this.multiple.map((m, i) => (m - (x.shape[i + 1] % m)) % m);
    const before = missing.map((n) => Math.floor(n / 2)) as Vec3;
    return padZeros3d(x, before, missing.map((n, i) => n - before[i]) as Vec3);
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    const spatial = inputShape
      .slice(1, 4)
      .map((n, i) => (n == null ? null : Math.ceil(n / this.multiple[i]) * this.multiple[i]));
    return [inputShape[0]!, ...spatial, inputShape[4]!];
  }
}
