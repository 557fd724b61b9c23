import { GenesisAdam } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, runFusedKernel } from '../ops/fused-kernel.js';
import { BaseOptimizer, type Update } from './base-optimizer.js';
import type { Optimizer, OptimizerOpts } from './optimizer.js';

/** The settings of {@link adam} and {@link adamW}. */
export interface AdamOpts extends OptimizerOpts {
  /** Default 1e-3. */
  learningRate?: number;
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
  /** Default 0; for `adamW` 0.01. */
  weightDecay?: number;
}

/** Adam (Kingma & Ba, 2015) as PyTorch computes it; weight decay is an L2 term in the gradient. */
export function adam(opts: AdamOpts = {}): Optimizer {
  return new Adam('adam', opts, 0);
}

/** Adam with decoupled weight decay (Loshchilov & Hutter, 2019) as PyTorch computes it. */
export function adamW(opts: AdamOpts = {}): Optimizer {
  return new Adam('adamW', opts, 0.01);
}

class Adam extends BaseOptimizer {
  readonly name: 'adam' | 'adamW';
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;

  constructor(name: 'adam' | 'adamW', opts: AdamOpts, defaultDecay: number) {
    super(opts.learningRate ?? 1e-3, opts.weightDecay ?? defaultDecay, ['m', 'v'], opts);
    this.name = name;
    this.beta1 = opts.beta1 ?? 0.9;
    this.beta2 = opts.beta2 ?? 0.999;
    this.epsilon = opts.epsilon ?? 1e-8;
  }

  protected override update(given: Update, slots: tf.Tensor[]): tf.Tensor[] {
    const { param, grad, learningRate, weightDecay, step } = given;
    const { beta1, beta2, epsilon } = this;
    const decoupled = this.name === 'adamW';
    if (hasFusedKernel(GenesisAdam)) {
      return runFusedKernel(
        GenesisAdam,
        { param, grad, m: slots[0], v: slots[1] },
        { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step },
      );
    }
    const flat = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [-1]);
    const p = decoupled ? tf.mul(flat(param), 1 - learningRate * weightDecay) : flat(param);
    const g =
      decoupled || weightDecay === 0 ? flat(grad) : tf.add(flat(grad), tf.mul(p, weightDecay));
    const m = tf.add(tf.mul(flat(slots[0]), beta1), tf.mul(g, 1 - beta1));
    const v = tf.add(tf.mul(flat(slots[1]), beta2), tf.mul(tf.square(g), 1 - beta2));
    const root = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
    const change = tf.mul(tf.div(m, root), learningRate / (1 - beta1 ** step));
    return [tf.sub(p, change), m, v].map((t) => tf.reshape(t, param.shape));
  }
}
