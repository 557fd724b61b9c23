import { DEFAULT_ALPHA, type FusedActivation } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { Activation, Norm } from '../api.js';
import { OptionError } from '../errors.js';
import { ConstantInitializer } from '../init/initializers.js';
import { activationOp } from '../ops/activation-op.js';
import { normAct } from '../ops/norm-act.js';
import { prelu } from '../ops/prelu.js';
import type { AddWeight } from './conv-unit.js';

/** A normalisation and an activation inside a layer. */
export interface NormActUnitOpts {
  /** What is normalised together, default `batch`. */
  norm?: Norm;
  /** What follows, default `relu`. */
  activation?: Activation;
  /** Slope of leakyRelu (default 0.01), alpha of elu (default 1), or prelu's first slope (default 0.25). */
  alpha?: number;
  /** Added to the variance; default 1e-5. */
  epsilon?: number;
  /** Part of the old running statistics that is kept at each training step; default 0.9. */
  momentum?: number;
}

/** Where a learnt slope starts, as PyTorch's. */
const FIRST_SLOPE = 0.25;

/** The normalisation and activation inside a layer: options, weights, value. */
export class NormActUnit {
  readonly norm: Norm;
  readonly activation: Activation;
  readonly alpha: number;
  readonly epsilon: number;
  readonly momentum: number;
  private gamma!: tfl.LayerVariable;
  private beta!: tfl.LayerVariable;
  private movingMean!: tfl.LayerVariable;
  private movingVariance!: tfl.LayerVariable;
  private slope!: tfl.LayerVariable;

  constructor(opts: NormActUnitOpts) {
    this.norm = opts.norm ?? 'batch';
    this.activation = opts.activation ?? 'relu';
    this.alpha =
      opts.alpha ?? (this.activation === 'prelu' ? FIRST_SLOPE : DEFAULT_ALPHA[this.activation]);
    this.epsilon = opts.epsilon ?? 1e-5;
    this.momentum = opts.momentum ?? 0.9;
  }

  build(
    owner: string,
    normPrefix: string,
    actPrefix: string,
    channels: number,
    addWeight: AddWeight,
  ): void {
    if (typeof this.norm === 'object' && channels % this.norm.groups !== 0) {
      throw new OptionError(
        'norm',
        `Layer ${owner}: ${channels} channels cannot be split into ${this.norm.groups} equal groups.`,
      );
    }
    const add = (name: string, value: number, trainable = true): tfl.LayerVariable =>
      addWeight(name, [channels], new ConstantInitializer(value), trainable);
    if (this.norm !== 'none') {
      this.gamma = add(`${normPrefix}gamma`, 1);
      this.beta = add(`${normPrefix}beta`, 0);
    }
    if (this.norm === 'batchRunning') {
      this.movingMean = add(`${normPrefix}movingMean`, 0, false);
      this.movingVariance = add(`${normPrefix}movingVariance`, 1, false);
    }
    if (this.activation === 'prelu') this.slope = add(`${actPrefix}alpha`, this.alpha);
  }

  /** `training` decides only for `batchRunning`, which statistics are used. */
  apply(x: tf.Tensor5D, training: boolean): tf.Tensor5D {
    const fused: FusedActivation = this.activation === 'prelu' ? 'linear' : this.activation;
    const y = this.normalize(x, training, fused);
    return this.activation === 'prelu' ? prelu(y, this.slope.read() as tf.Tensor1D) : y;
  }

  /**
   * Follows an input that is `factor` times as large as before: running statistics go with it, and gamma makes up for the
   * epsilon, which does not, so that with these statistics the output is exactly what it was.
   */
  followScale(factor: number): void {
    if (this.norm !== 'batchRunning') return;
    tf.tidy(() => {
      const before = this.movingVariance.read();
      const after = tf.mul(before, factor * factor);
      const grown = tf.div(tf.add(after, this.epsilon), tf.add(before, this.epsilon));
      this.gamma.write(tf.mul(this.gamma.read(), tf.div(tf.sqrt(grown), factor)));
      this.movingMean.write(tf.mul(this.movingMean.read(), factor));
      this.movingVariance.write(after);
    });
  }

  config(): tf.serialization.ConfigDict {
    const { norm, activation, alpha, epsilon, momentum } = this;
    return { norm: norm, activation, alpha, epsilon, momentum };
  }

  private normalize(x: tf.Tensor5D, training: boolean, activation: FusedActivation): tf.Tensor5D {
    const { norm, alpha, epsilon } = this;
    if (norm === 'none') return activationOp(x, activation, alpha);
    if (norm === 'batchRunning' && !training) return this.withRunningStatistics(x, activation);
    const groups = typeof norm === 'object' ? norm.groups : norm === 'instance' ? norm : 'batch';
    return normAct(x, this.gamma.read() as tf.Tensor1D, this.beta.read() as tf.Tensor1D, {
      groups,
      epsilon,
      activation,
      alpha,
      ...(norm === 'batchRunning'
        ? { onStatistics: (...statistics) => this.updateRunning(...statistics) }
        : {}),
    });
  }

  private withRunningStatistics(x: tf.Tensor5D, activation: FusedActivation): tf.Tensor5D {
    return tf.tidy(() => {
      const channels = x.shape[4];
      const row = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [1, channels]);
      const scale = tf.mul(
        this.gamma.read(),
        tf.rsqrt(tf.add(this.movingVariance.read(), this.epsilon)),
      );
      const shift = tf.sub(this.beta.read(), tf.mul(this.movingMean.read(), scale));
      const z = tf.add(tf.mul(tf.reshape(x, [-1, channels]), row(scale)), row(shift));
      return tf.reshape(activationOp(z, activation, this.alpha), x.shape);
    });
  }

  private updateRunning(mean: tf.Tensor, invStd: tf.Tensor, voxels: number): void {
    tf.tidy(() => {
      // Running variance is kept unbiased, as PyTorch and Keras 2 do.
      const unbiased = voxels / Math.max(1, voxels - 1);
      const variance = tf.mul(
        tf.relu(tf.sub(tf.reciprocal(tf.square(invStd)), this.epsilon)),
        unbiased,
      );
      const mix = (old: tf.Tensor, fresh: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(old, this.momentum), tf.mul(fresh, 1 - this.momentum));
      this.movingMean.write(mix(this.movingMean.read(), mean));
      this.movingVariance.write(mix(this.movingVariance.read(), variance));
    });
  }
}
