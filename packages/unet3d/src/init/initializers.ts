import { sizeOf } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import type { KernelInit } from '../api.js';
import { type RandomStream, randomStream } from './random.js';

/** Number of inputs and outputs that one element of a kernel [..., in, out] is connected to. */
export interface Fans {
  in: number;
  out: number;
}

/** Base of this package's initialisers: what tfjs-layers' `addWeight` needs, nothing global. */
abstract class SeededInitializer extends tf.serialization.Serializable {
  /**
   * @param seed - Any finite number.
   * @param weight - Name of the weight, which names its stream of random numbers.
   * @param scale - What one drawn number is multiplied by.
   */
  constructor(
    private readonly seed: number,
    private readonly weight: string,
    private readonly scale: number,
  ) {
    super();
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  getConfig(): tf.serialization.ConfigDict {
    return { seed: this.seed, weight: this.weight };
  }

  apply(shape: number[]): tf.Tensor {
    const values = new Float32Array(sizeOf(shape));
    const random = randomStream(this.seed, this.weight);
    for (let i = 0; i < values.length; i++) values[i] = this.draw(random) * this.scale;
    return tf.tensor(values, shape, 'float32');
  }

  protected abstract draw(random: RandomStream): number;
}

/** Uniform in [−scale, scale). */
export class UniformInitializer extends SeededInitializer {
  static readonly className = 'GenesisUniform';

  protected override draw(random: RandomStream): number {
    return 2 * random.uniform() - 1;
  }
}

/** Normal with mean 0 and standard deviation `scale`. */
export class NormalInitializer extends SeededInitializer {
  static readonly className = 'GenesisNormal';

  protected override draw(random: RandomStream): number {
    return random.normal();
  }
}

/** Every element the same. */
export class ConstantInitializer extends SeededInitializer {
  static readonly className = 'GenesisConstant';

  constructor(value: number) {
    super(0, '', value);
  }

  protected override draw(): number {
    return 1;
  }
}

/**
 * The initialiser of a kernel.
 * - `pytorch`: uniform within 1/√fan_in, which is kaiming_uniform(a = √5), PyTorch's default;
 * - `glorotUniform`: uniform within √(6 / (fan_in + fan_out)), Keras's default;
 * - `heNormal`: normal with standard deviation √(2 / fan_in).
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

/** Root mean square of a kernel that `kernelInitializer` has just made. */
export function freshKernelSize(init: KernelInit, fans: Fans): number {
  if (init === 'pytorch') return Math.sqrt(1 / (3 * fans.in));
  if (init === 'glorotUniform') return Math.sqrt(2 / (fans.in + fans.out));
  return Math.sqrt(2 / fans.in);
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
