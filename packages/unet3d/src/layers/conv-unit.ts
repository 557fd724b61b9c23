import { type ReadonlyVec3, sizeOf, type Vec3 } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { KernelInit, Padding } from '../api.js';
import {
  biasInitializer,
  type Fans,
  freshKernelSize,
  kernelInitializer,
} from '../init/initializers.js';
import { conv3d } from '../ops/conv3d.js';
import type { LayerShape } from './base.js';
import { toVec3 } from './to-vec3.js';

/** A convolution inside a layer. */
export interface ConvUnitOpts {
  /** Number of output channels. */
  filters: number;
  /** Along each spatial axis, default 3. */
  kernelSize?: number | ReadonlyVec3;
  /** Along each spatial axis, default 1. */
  strides?: number | ReadonlyVec3;
  /** Default `symmetric`, which is PyTorch's padding = (k − 1) / 2. */
  padding?: Padding;
  /** Whether a bias is added, default true. */
  useBias?: boolean;
  /** How the kernel starts, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of the first weights, default 0. */
  seed?: number;
}

/** Adds a weight to the layer that owns the unit. */
export type AddWeight = (
  name: string,
  shape: number[],
  initializer: ReturnType<typeof kernelInitializer>,
  trainable?: boolean,
) => tfl.LayerVariable;

/** The convolution inside a layer: its options, its weights, its value. */
export class ConvUnit {
  readonly filters: number;
  readonly kernelSize: Vec3;
  readonly strides: Vec3;
  readonly padding: Padding;
  readonly useBias: boolean;
  readonly kernelInit: KernelInit;
  readonly seed: number;
  private kernel!: tfl.LayerVariable;
  private bias: tfl.LayerVariable | null = null;

  constructor(opts: ConvUnitOpts) {
    this.filters = opts.filters;
    this.kernelSize = toVec3(opts.kernelSize ?? 3);
    this.strides = toVec3(opts.strides ?? 1);
    this.padding = opts.padding ?? 'symmetric';
    this.useBias = opts.useBias ?? true;
    this.kernelInit = opts.kernelInit ?? 'pytorch';
    this.seed = opts.seed ?? 0;
  }

  build(owner: string, prefix: string, channels: number, addWeight: AddWeight): void {
    const fans = this.fans(channels);
    const id = `${owner}.${prefix}`;
    this.kernel = addWeight(
      `${prefix}kernel`,
      [...this.kernelSize, channels, this.filters],
      kernelInitializer(this.kernelInit, fans, this.seed, `${id}kernel`),
    );
    if (this.useBias) {
      this.bias = addWeight(
        `${prefix}bias`,
        [this.filters],
        biasInitializer(this.kernelInit, fans, this.seed, `${id}bias`),
      );
    }
  }

  apply(x: tf.Tensor5D): tf.Tensor5D {
    return conv3d(
      x,
      this.kernel.read() as tf.Tensor5D,
      this.bias ? (this.bias.read() as tf.Tensor1D) : null,
      { strides: this.strides, padding: this.padding },
    );
  }

  /** The factor between the root mean square of the kernel and that of a fresh one; undefined for a kernel of zeros. */
  async factorToFresh(): Promise<number | undefined> {
    const kernel = this.kernel.read();
    const values = await kernel.data();
    let squares = 0;
    for (const value of values) squares += value * value;
    const size = Math.sqrt(squares / values.length);
    const fresh = freshKernelSize(this.kernelInit, this.fans(kernel.shape[3] ?? 1));
    return size > 0 ? fresh / size : undefined;
  }

  /** Multiplies kernel and bias, and so what the convolution gives. */
  scale(factor: number): void {
    for (const weight of this.bias ? [this.kernel, this.bias] : [this.kernel]) {
      const scaled = tf.mul(weight.read(), factor);
      weight.write(scaled);
      scaled.dispose();
    }
  }

  outputShape(shape: LayerShape): LayerShape {
    const spatial = shape.slice(1, 4).map((size, axis) => {
      if (size == null) return null;
      const k = this.kernelSize[axis];
      const s = this.strides[axis];
      if (this.padding === 'same') return Math.ceil(size / s);
      const padded = this.padding === 'symmetric' ? size + 2 * Math.floor((k - 1) / 2) : size;
      return Math.floor((padded - k) / s) + 1;
    });
    return [shape[0]!, ...spatial, this.filters];
  }

  private fans(channels: number): Fans {
    const volume = sizeOf(this.kernelSize);
    return { in: channels * volume, out: this.filters * volume };
  }

  config(): tf.serialization.ConfigDict {
    const { filters, kernelSize, strides, padding, useBias, kernelInit, seed } = this;
    return { filters, kernelSize, strides, padding, useBias, kernelInit, seed };
  }
}
