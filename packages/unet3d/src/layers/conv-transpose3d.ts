import { type ReadonlyVec3, sizeOf, type Vec3 } from '@genesis/core';
import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { KernelInit } from '../api.js';
import { biasInitializer, kernelInitializer } from '../init/initializers.js';
import { convTranspose3d } from '../ops/conv-transpose3d.js';
import { type BaseLayerOpts, channelsOf, type LayerShape, oneShape, UnaryLayer } from './base.js';
import { toVec3 } from './to-vec3.js';

/** Size and start of {@link ConvTranspose3d}. */
export interface ConvTranspose3dLayerOpts extends BaseLayerOpts {
  /** Number of output channels. */
  filters: number;
  /** Along each spatial axis, default 2. */
  kernelSize?: number | ReadonlyVec3;
  /** Along each spatial axis, default 2. */
  strides?: number | ReadonlyVec3;
  /** How the kernel starts, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of the first weights, default 0. */
  seed?: number;
}

/** Transposed convolution that trains. Weights: kernel [kd, kh, kw, filters, in], bias [filters]. */
export class ConvTranspose3d extends UnaryLayer {
  /** What a saved model calls it. */
  static readonly className = 'GenesisConvTranspose3d';
  /** Number of output channels. */
  readonly filters: number;
  /** Along each spatial axis. */
  readonly kernelSize: Vec3;
  /** Along each spatial axis. */
  readonly strides: Vec3;
  /** How the kernel starts. */
  readonly kernelInit: KernelInit;
  /** Of the first weights. */
  readonly seed: number;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(opts: ConvTranspose3dLayerOpts) {
    super({ name: opts.name, trainable: opts.trainable });
    this.filters = opts.filters;
    this.kernelSize = toVec3(opts.kernelSize ?? 2);
    this.strides = toVec3(opts.strides ?? 2);
    this.kernelInit = opts.kernelInit ?? 'pytorch';
    this.seed = opts.seed ?? 0;
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const channels = channelsOf(this.name, oneShape(inputShape));
    const volume = sizeOf(this.kernelSize);
    // PyTorch takes the fan-in of a transposed kernel from its second axis, the output channels.
    const fans = { in: this.filters * volume, out: channels * volume };
    this.kernel = this.addWeight(
      'kernel',
      [...this.kernelSize, this.filters, channels],
      'float32',
      kernelInitializer(this.kernelInit, fans, this.seed, `${this.name}.kernel`),
    );
    this.bias = this.addWeight(
      'bias',
      [this.filters],
      'float32',
      biasInitializer(this.kernelInit, fans, this.seed, `${this.name}.bias`),
    );
    this.built = true;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, strides, kernelInit, seed } = this;
    return { ...super.getConfig(), filters, kernelSize, strides, kernelInit, seed };
  }

  protected override forward(x: tf.Tensor5D): tf.Tensor {
    return convTranspose3d(
      x,
      this.kernel.read() as tf.Tensor5D,
      this.bias.read() as tf.Tensor1D,
      this.strides,
    );
  }

  protected override outputShapeOf(inputShape: LayerShape): LayerShape {
    const spatial = inputShape
      .slice(1, 4)
      .map((size, i) => (size == null ? null : (size - 1) * this.strides[i] + this.kernelSize[i]));
    return [inputShape[0]!, ...spatial, this.filters];
  }
}
