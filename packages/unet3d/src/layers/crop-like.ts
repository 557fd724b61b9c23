import type { Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { crop3d } from '../ops/crop3d.js';
import type { BaseLayerOpts, LayerInput, LayerShape } from './base.js';

/** Takes [x, reference]: crops x centrally to the reference's spatial size, undoing PadToMultiple; no weights. */
export class CropLike extends tfl.layers.Layer {
  static readonly className = 'GenesisCropLike';

  constructor(opts: BaseLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
  }

  override call(inputs: LayerInput): tf.Tensor {
    const [x, reference] = inputs as [tf.Tensor5D, tf.Tensor5D];
    const size = reference.shape.slice(1, 4) as Vec3;
    const begin = size.map((n, i) => Math.floor((x.shape[i + 1] - n) / 2)) as Vec3;
    return crop3d(x, begin, size);
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    const [x, reference] = inputShape as [LayerShape, LayerShape];
    return [x[0]!, ...reference.slice(1, 4), x[4]!];
  }
}
