import type * as tf from '@tensorflow/tfjs-core';
import { type BaseLayerOpts, channelsOf, type LayerShape, oneShape, UnaryLayer } from './base.js';
import { NormActUnit, type NormActUnitOpts } from './norm-act-unit.js';

/** A normalisation and the activation after it. */
export interface NormActLayerOpts extends BaseLayerOpts, NormActUnitOpts {}

/**
 * Batch, instance or group normalisation of [n, d, h, w, c] followed by an activation, in one step.
 * Weights: gamma, beta, and movingMean, movingVariance (`batchRunning`), alpha (`prelu`).
 */
export class NormAct extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisNormAct';
  private readonly normAct: NormActUnit;

  constructor(opts: NormActLayerOpts = {}) {
    super({ name: opts.name, trainable: opts.trainable });
    this.normAct = new NormActUnit(opts);
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const channels = channelsOf(this.name, oneShape(inputShape));
    this.normAct.build(this.name, '', '', channels, (name, shape, initializer, trainable) =>
      this.addWeight(name, shape, 'float32', initializer, undefined, trainable),
    );
    this.built = true;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.normAct.config() };
  }

  protected override forward(x: tf.Tensor5D, training: boolean): tf.Tensor {
    // A frozen normalisation keeps its running statistics, as in Keras.
    return this.normAct.apply(x, training && this.trainable);
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    return inputShape;
  }
}
