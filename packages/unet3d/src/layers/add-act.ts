import { DEFAULT_ALPHA, type FusedActivation } from '@genesis/core/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { addAct } from '../ops/add-act.js';
import type { BaseLayerOpts, LayerInput, LayerShape } from './base.js';

/** What {@link AddAct} applies to the sum. */
export interface AddActLayerOpts extends BaseLayerOpts {
  /** Default `relu`. */
  activation?: FusedActivation;
  /** Slope of leakyRelu (default 0.01) or alpha of elu (default 1). */
  alpha?: number;
}

/** Takes [a, b] of the same shape, returns activation(a + b); no weights. */
export class AddAct extends tfl.layers.Layer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisAddAct';
  /** Activation at the end. */
  readonly activation: FusedActivation;
  /** Slope of leakyRelu below zero, or elu's alpha. */
  readonly alpha: number;

  constructor(opts: AddActLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
    this.activation = opts.activation ?? 'relu';
    this.alpha = opts.alpha ?? DEFAULT_ALPHA[this.activation];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), activation: this.activation, alpha: this.alpha };
  }

  override call(inputs: LayerInput): tf.Tensor {
    const [a, b] = inputs as [tf.Tensor, tf.Tensor];
    return addAct(a, b, this.activation, this.alpha);
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    return (inputShape as LayerShape[])[0];
  }
}
