import type { NormActAttrs, NormActGradOutputs, NormActOutputs } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { runNormAct, runNormActGrad } from './run-norm-act.js';

/** The attributes with nothing left to a default. */
type Attrs = Required<NormActAttrs>;
type Sum = (values: Float64Array) => void;

/**
 * Batch normalisation with the statistics of the samples of all processes: [y, mean, 1/√(variance + epsilon)], and the number
 * of voxels that they were taken over.
 *
 * The kernel knows its own samples alone. It normalises by their mean m and deviation s, so that it is given the weights with
 * which γ'·(x − m)/s + β' = γ·(x − M)/S + β.
 */
export function syncNormAct(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  attrs: Attrs,
  sum: Sum,
): { outputs: NormActOutputs<tf.Tensor>; voxels: number } {
  const channels = x.shape[4];
  const own = x.size / channels;
  const [unused, mean, invStd] = runNormAct(x, gamma, beta, { ...attrs, activation: 'linear' });
  const [m, inv] = [mean.dataSync(), invStd.dataSync()];
  tf.dispose([unused, mean, invStd]);
  const sums = new Float64Array(2 * channels + 1);
  for (let c = 0; c < channels; c++) {
    const variance = Math.max(0, 1 / (inv[c] * inv[c]) - attrs.epsilon);
    sums[c] = own * m[c];
    sums[channels + c] = own * (variance + m[c] * m[c]);
  }
  sums[2 * channels] = own;
  sum(sums);
  const voxels = sums[2 * channels];
  const [g, b] = [gamma.dataSync(), beta.dataSync()];
  const all = new Float32Array(channels);
  const invAll = new Float32Array(channels);
  const scaled = new Float32Array(channels);
  const shifted = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const center = sums[c] / voxels;
    const variance = Math.max(0, sums[channels + c] / voxels - center * center);
    const inverse = 1 / Math.sqrt(variance + attrs.epsilon);
    all[c] = center;
    invAll[c] = inverse;
    scaled[c] = (g[c] * inverse) / inv[c];
    shifted[c] = b[c] + g[c] * inverse * (m[c] - center);
  }
  const [value, ...local] = tf.tidy(() =>
    runNormAct(x, tf.tensor1d(scaled), tf.tensor1d(shifted), attrs),
  );
  tf.dispose(local);
  return { outputs: [value, tf.tensor1d(all), tf.tensor1d(invAll)], voxels };
}

/**
 * The gradient of {@link syncNormAct}: dx through the statistics of all processes; dgamma and dbeta of this one's samples, to
 * be summed as all gradients are.
 *
 * The kernel takes this process's part of the two sums that dx = γ/S·(dz − Σdz/n − x̂·Σ(dz·x̂)/n) has; what the others' differ by
 * is a multiple of x and a constant for each channel.
 */
export function syncNormActGrad(
  dy: tf.Tensor,
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  mean: tf.Tensor,
  invStd: tf.Tensor,
  attrs: Attrs,
  sum: Sum,
  voxels: number,
): NormActGradOutputs<tf.Tensor> {
  const channels = x.shape[4];
  const own = x.size / channels;
  const [partial, dgamma, dbeta] = runNormActGrad(dy, x, gamma, beta, mean, invStd, attrs);
  const [ownGamma, ownBeta] = [dgamma.dataSync(), dbeta.dataSync()];
  const sums = new Float64Array(2 * channels);
  sums.set(ownGamma);
  sums.set(ownBeta, channels);
  sum(sums);
  const [g, m, inv] = [gamma.dataSync(), mean.dataSync(), invStd.dataSync()];
  const factor = new Float32Array(channels);
  const offset = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const onNormalized = ownGamma[c] / own - sums[c] / voxels;
    const constant = ownBeta[c] / own - sums[channels + c] / voxels;
    factor[c] = g[c] * inv[c] * inv[c] * onNormalized;
    offset[c] = g[c] * inv[c] * constant - factor[c] * m[c];
  }
  const dx = tf.tidy(() => {
    const rows = tf.reshape(x, [-1, channels]);
    const rest = tf.add(
      tf.mul(rows, tf.tensor2d(factor, [1, channels])),
      tf.tensor2d(offset, [1, channels]),
    );
    return tf.add(partial, tf.reshape(rest, x.shape));
  });
  partial.dispose();
  return [dx, dgamma, dbeta];
}
