import * as tf from '@tensorflow/tfjs-core';
import type { HeadActivation } from '../api.js';
import { headActivation } from '../ops/head-activation.js';
import { type BaseLayerOpts, channelsOf, type LayerShape, oneShape, UnaryLayer } from './base.js';
import { ConvUnit, type ConvUnitOpts } from './conv-unit.js';

/** A convolution and the activation after it. */
export interface Conv3dLayerOpts extends BaseLayerOpts, ConvUnitOpts {
  /** Activation at the end, default `linear`. */
  activation?: HeadActivation;
}

/** Convolution [n, d, h, w, in] → [n, d', h', w', filters] with bias, right on every engine. */
export class Conv3d extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisConv3d';
  private readonly conv: ConvUnit;
  /** Activation at the end. */
  readonly activation: HeadActivation;

  constructor(opts: Conv3dLayerOpts) {
    super({ name: opts.name, trainable: opts.trainable });
    this.conv = new ConvUnit(opts);
    this.activation = opts.activation ?? 'linear';
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const channels = channelsOf(this.name, oneShape(inputShape));
    this.conv.build(this.name, '', channels, (name, shape, initializer) =>
      this.addWeight(name, shape, 'float32', initializer),
    );
    this.built = true;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.conv.config(), activation: this.activation };
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    return tf.tidy(() => headActivation(this.conv.apply(x), this.activation));
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    return this.conv.outputShape(inputShape);
  }
}
