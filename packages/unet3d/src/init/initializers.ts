import * as tf from '@tensorflow/tfjs-core';
import type { KernelInit } from '../api.js';
import { randomStream } from './random.js';

/** Number of inputs and outputs that one element of a kernel [..., in, out] is connected to. */
export interface Fans {
  in: number;
  out: number;
}

/** Base of this package's initialisers: what tfjs-layers' `addWeight` needs, nothing global. */
abstract class SeededInitializer extends tf.serialization.Serializable {
  protected readonly seed: number;
  protected readonly weight: string;

  constructor(seed: number, weight: string) {
    super();
    this.seed = seed;
    this.weight = weight;
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  getConfig(): tf.serialization.ConfigDict {
    return { seed: this.seed, weight: this.weight };
  }

  apply(shape: number[]): tf.Tensor {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    this.fill(values);
    return tf.tensor(values, shape, 'float32');
  }

  protected abstract fill(values: Float32Array): void;
}

/** Uniform in [−bound, bound). */
export class UniformInitializer extends SeededInitializer {
  static readonly className = 'GenesisUniform';
  private readonly bound: number;

  constructor(seed: number, weight: string, bound: number) {
    super(seed, weight);
    this.bound = bound;
  }

  protected override fill(values: Float32Array): void {
    const random = randomStream(this.seed, this.weight);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * this.bound;
  }
}

/** Normal with mean 0. */
export class NormalInitializer extends SeededInitializer {
  static readonly className = 'GenesisNormal';
  private readonly deviation: number;

  constructor(seed: number, weight: string, deviation: number) {
    super(seed, weight);
    this.deviation = deviation;
  }

  protected override fill(values: Float32Array): void {
    const random = randomStream(this.seed, this.weight);
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * this.deviation;
  }
}

/** Every element the same. */
export class ConstantInitializer extends SeededInitializer {
  static readonly className = 'GenesisConstant';
  private readonly value: number;

  constructor(value: number) {
    super(0, '');
    this.value = value;
  }

  protected override fill(values: Float32Array): void {
    values.fill(this.value);
  }
}

/**
 * The initialiser of a kernel.
 * - `pytorch`: uniform within 1/√fan_in, which is kaiming_uniform(a = √5), PyTorch's default;
 * - `glorotUniform`: uniform within √(6 / (fan_in + fan_out)), Keras's default;
 * - `heNormal`: normal with deviation √(2 / fan_in).
 */
export function kernelInitializer(
  init: KernelInit,
  fans: Fans,
  seed: number,
  weight: string,
): SeededInitializer {
  if (init === 'pytorch') return new UniformInitializer(seed, weight, 1 / Math.sqrt(fans.in));
  if (init === 'glorotUniform') {
    return new UniformInitializer(seed, weight, Math.sqrt(6 / (fans.in + fans.out)));
  }
  return new NormalInitializer(seed, weight, Math.sqrt(2 / fans.in));
}

/** The initialiser of a bias: uniform within 1/√fan_in for `pytorch`, zero otherwise. */
export function biasInitializer(
  init: KernelInit,
  fans: Fans,
  seed: number,
  weight: string,
): SeededInitializer {
  if (init === 'pytorch') return new UniformInitializer(seed, weight, 1 / Math.sqrt(fans.in));
  return new ConstantInitializer(0);
}
