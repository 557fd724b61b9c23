import { GenesisSgd } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, runFusedKernel } from '../ops/fused-kernel.js';
import { BaseOptimizer, type Update } from './base-optimizer.js';
import type { Optimizer, OptimizerOpts } from './optimizer.js';

/** The settings of {@link sgd}. */
export interface SgdOpts extends OptimizerOpts {
  /** May be changed later. */
  learningRate: number;
  /** Default 0. */
  momentum?: number;
  /** Default false. */
  nesterov?: boolean;
  /** L2 term added to the gradient, default 0. */
  weightDecay?: number;
}

/** SGD as PyTorch defines it: v ← momentum · v + g, w ← w − rate · v. */
export function sgd(opts: SgdOpts): Optimizer {
  return new Sgd(opts);
}

class Sgd extends BaseOptimizer {
  readonly name = 'sgd';
  private readonly momentum: number;
  private readonly nesterov: boolean;

  constructor(opts: SgdOpts) {
    super(opts.learningRate, opts.weightDecay ?? 0, ['velocity'], opts);
    this.momentum = opts.momentum ?? 0;
    this.nesterov = opts.nesterov ?? false;
  }

  protected override update(given: Update, slots: tf.Tensor[]): tf.Tensor[] {
    const { param, grad, learningRate, weightDecay } = given;
    const { momentum, nesterov } = this;
    const velocity = slots[0];
    if (hasFusedKernel(GenesisSgd)) {
      return runFusedKernel(
        GenesisSgd,
        { param, grad, velocity },
        { learningRate, momentum, nesterov, weightDecay },
      );
    }
    const [p, raw, v] = [param, grad, velocity].map((t) => tf.reshape(t, [-1])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const g = weightDecay === 0 ? raw : tf.add(raw, tf.mul(p, weightDecay));
    const next = momentum === 0 ? g : tf.add(tf.mul(v, momentum), g);
    const direction = nesterov ? tf.add(g, tf.mul(next, momentum)) : next;
    return [
      tf.reshape(tf.sub(p, tf.mul(direction, learningRate)), param.shape),
      tf.reshape(tf.clone(next), param.shape),
    ];
  }
}
