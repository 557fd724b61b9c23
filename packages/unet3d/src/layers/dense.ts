import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { HeadActivation, KernelInit } from '../api.js';
import { biasInitializer, kernelInitializer } from '../init/initializers.js';
import { addBias } from '../ops/add-bias.js';
import { headActivation } from '../ops/head-activation.js';
import { type BaseLayerOpts, channelsOf, type LayerShape, oneShape, UnaryLayer } from './base.js';

/** Size and start of {@link Dense}. */
export interface DenseLayerOpts extends BaseLayerOpts {
  /** Number of outputs. */
  units: number;
  /** Activation at the end, default `linear`. */
  activation?: HeadActivation | 'relu';
  /** How the kernel starts, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of the first weights, default 0. */
  seed?: number;
}

/**
 * Fully connected layer, [n, in] → [n, units], with this package's seeded initialisation, so that
 * a head starts the same on every engine. Weights: kernel [in, units], bias [units].
 */
export class Dense extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisDense';
  /** Number of outputs. */
  readonly units: number;
  /** Activation at the end. */
  readonly activation: HeadActivation | 'relu';
  /** How the kernel starts. */
  readonly kernelInit: KernelInit;
  /** Of the first weights. */
  readonly seed: number;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(opts: DenseLayerOpts) {
    super({ name: opts.name, trainable: opts.trainable });
    this.units = opts.units;
    this.activation = opts.activation ?? 'linear';
    this.kernelInit = opts.kernelInit ?? 'pytorch';
    this.seed = opts.seed ?? 0;
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const inputs = channelsOf(this.name, oneShape(inputShape));
    const fans = { in: inputs, out: this.units };
    this.kernel = this.addWeight(
      'kernel',
      [inputs, this.units],
      'float32',
      kernelInitializer(this.kernelInit, fans, this.seed, `${this.name}.kernel`),
    );
    this.bias = this.addWeight(
      'bias',
      [this.units],
      'float32',
      biasInitializer(this.kernelInit, fans, this.seed, `${this.name}.bias`),
    );
    this.built = true;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { units, activation, kernelInit, seed } = this;
    return { ...super.getConfig(), units, activation, kernelInit, seed };
  }

  protected override forward(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const z = addBias(
        tf.matMul(x as tf.Tensor2D, this.kernel.read() as tf.Tensor2D),
        this.bias.read() as tf.Tensor1D,
      );
      return this.activation === 'relu' ? tf.relu(z) : headActivation(z, this.activation);
    });
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    return [inputShape[0]!, this.units];
  }
}
