import type { Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { crop3d } from '../ops/crop3d.js';
import type { BaseLayerOpts, LayerInput, LayerShape } from './base.js';

/** Takes [x, like]: crops x centrally to the spatial size of `like`, undoing PadToMultiple; no weights. */
export class CropLike extends tfl.layers.Layer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisCropLike';

  constructor(opts: BaseLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
  }

  override call(inputs: LayerInput): tf.Tensor {
    const [x, like] = inputs as [tf.Tensor5D, tf.Tensor5D];
    const size = like.shape.slice(1, 4) as Vec3;
    const begin = size.map((n, i) => Math.floor((x.shape[i + 1] - n) / 2)) as Vec3;
    return crop3d(x, begin, size);
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    const [x, like] = inputShape as [LayerShape, LayerShape];
    return [x[0]!, ...like.slice(1, 4), x[4]!];
  }
}
