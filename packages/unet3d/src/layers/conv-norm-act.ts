import * as tf from '@tensorflow/tfjs-core';
import { type BaseLayerOpts, channelsOf, type LayerShape, oneShape, UnaryLayer } from './base.js';
import { type AddWeight, ConvUnit, type ConvUnitOpts } from './conv-unit.js';
import { NormActUnit, type NormActUnitOpts } from './norm-act-unit.js';

/** A convolution, and the normalisation and activation after it. */
export interface ConvNormActLayerOpts extends BaseLayerOpts, ConvUnitOpts, NormActUnitOpts {}

/**
 * Convolution, normalisation and activation as one layer, the building block of the networks.
 * Weights: conv.kernel, conv.bias, norm.gamma, norm.beta, and norm.movingMean, norm.movingVariance
 * (`batchRunning`), act.alpha (`prelu`). A bias before a normalisation that removes it is kept, so
 * that weights correspond one to one with the reference's.
 */
export class ConvNormAct extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisConvNormAct';
  private readonly conv: ConvUnit;
  private readonly normAct: NormActUnit;

  constructor(opts: ConvNormActLayerOpts) {
    super({ name: opts.name, trainable: opts.trainable });
    this.conv = new ConvUnit(opts);
    this.normAct = new NormActUnit(opts);
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const channels = channelsOf(this.name, oneShape(inputShape));
    const add: AddWeight = (name, shape, initializer, trainable) =>
      this.addWeight(name, shape, 'float32', initializer, undefined, trainable);
    this.conv.build(this.name, 'conv.', channels, add);
    this.normAct.build(this.name, 'norm.', 'act.', this.conv.filters, add);
    this.built = true;
  }

  /**
   * Brings the kernel to the root mean square of a fresh one, and the bias by the same factor. The normalisation takes the
   * factor out again, so that the output changes by no more than the epsilon does to it.
   *
   * @param hasStatistics - The running statistics were learnt with this kernel, and follow it.
   * @returns The factor; undefined where nothing is done: without a normalisation, or for a kernel of zeros.
   */
  async rescaleKernel(hasStatistics: boolean): Promise<number | undefined> {
    if (this.normAct.norm === 'none') return undefined;
    const factor = await this.conv.factorToFresh();
    if (factor === undefined) return undefined;
    this.conv.scale(factor);
    if (hasStatistics) this.normAct.followScale(factor);
    return factor;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.conv.config(), ...this.normAct.config() };
  }

  protected override forward(x: tf.Tensor5D, training: boolean): tf.Tensor {
    return tf.tidy(() => this.normAct.apply(this.conv.apply(x), training && this.trainable));
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    return this.conv.outputShape(inputShape);
  }
}
