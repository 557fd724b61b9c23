import type { NormActAttrs, NormActGradOutputs, NormActOutputs } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { activate, activationGradient } from './activation.js';

/** The attributes with nothing left to a default. */
type Attrs = Required<NormActAttrs>;
type View = [number, number, number, number];

/**
 * x [n, d, h, w, c] seen as [sets, voxels, groups, channels of a group], so that every kind of
 * normalisation takes its statistics over axes 1 and 3. Rank 4, because broadcasting at rank 5 is
 * wrong on webgpu.
 */
function viewOf(x: tf.Tensor5D, groups: Attrs['groups']): View {
  const [n, d, h, w, c] = x.shape;
  if (groups === 'batch') return [1, n * d * h * w, c, 1];
  if (groups === 'instance') return [n, d * h * w, c, 1];
  return [n, d * h * w, groups, c / groups];
}

/** Mean over axes 1 and 3, kept as size 1. */
function meanOf(view: tf.Tensor): tf.Tensor {
  return view.shape[3] === 1 ? tf.mean(view, 1, true) : tf.mean(view, [1, 3], true);
}

function statisticsShape(view: View, groups: Attrs['groups']): number[] {
  return groups === 'batch' ? [view[2]] : [view[0], view[2]];
}

/** `GenesisNormAct` from stock operations: [y, mean, 1/√(variance + epsilon)]. */
export function composedNormAct(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  { groups, epsilon, activation, alpha }: Attrs,
): NormActOutputs<tf.Tensor> {
  return tf.tidy(() => {
    const view = viewOf(x, groups);
    const perChannel = [1, 1, view[2], view[3]];
    const xv = tf.reshape(x, view);
    const mean = meanOf(xv);
    const centered = tf.sub(xv, mean);
    const invStd = tf.rsqrt(tf.add(meanOf(tf.square(centered)), epsilon));
    const z = tf.add(
      tf.mul(centered, tf.mul(invStd, tf.reshape(gamma, perChannel))),
      tf.reshape(beta, perChannel),
    );
    const shape = statisticsShape(view, groups);
    return [
      tf.reshape(activate(z, activation, alpha), x.shape),
      tf.reshape(mean, shape),
      tf.reshape(invStd, shape),
    ];
  });
}

/** `GenesisNormActGrad` from stock operations: [dx, dgamma, dbeta]. */
export function composedNormActGrad(
  dy: tf.Tensor,
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  mean: tf.Tensor,
  invStd: tf.Tensor,
  { groups, activation, alpha }: Attrs,
): NormActGradOutputs<tf.Tensor> {
  return tf.tidy(() => {
    const view = viewOf(x, groups);
    const perChannel = [1, 1, view[2], view[3]];
    const statistics = [view[0], 1, view[2], 1];
    const inv = tf.reshape(invStd, statistics);
    const xhat = tf.mul(tf.sub(tf.reshape(x, view), tf.reshape(mean, statistics)), inv);
    const g = tf.reshape(gamma, perChannel);
    const z = tf.add(tf.mul(xhat, g), tf.reshape(beta, perChannel));
    const dz = activationGradient(tf.reshape(dy, view), z, activation, alpha);
    const channels = gamma.shape[0];
    const total = (t: tf.Tensor): tf.Tensor => tf.sum(tf.reshape(t, [-1, channels]), 0);
    const dxhat = tf.mul(dz, g);
    const dx = tf.mul(
      tf.sub(tf.sub(dxhat, meanOf(dxhat)), tf.mul(xhat, meanOf(tf.mul(dxhat, xhat)))),
      inv,
    );
    return [tf.reshape(dx, x.shape), total(tf.mul(dz, xhat)), total(dz)];
  });
}
