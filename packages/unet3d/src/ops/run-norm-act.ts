import {
  GenesisNormAct,
  GenesisNormActGrad,
  type NormActAttrs,
  type NormActGradOutputs,
  type NormActOutputs,
} from '@genesis/core/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import { hasFusedKernel, runFusedKernel } from './fused-kernel.js';
import { composedNormAct, composedNormActGrad } from './norm-act-composed.js';

/** The attributes with nothing left to a default. */
type Attrs = Required<NormActAttrs>;

/** Normalisation and activation by the kernel of the back end in use: [y, mean, 1/√(variance + epsilon)]. */
export function runNormAct(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  attrs: Attrs,
): NormActOutputs<tf.Tensor> {
  return hasFusedKernel(GenesisNormAct)
    ? runFusedKernel(GenesisNormAct, { x, gamma, beta }, attrs)
    : composedNormAct(x, gamma, beta, attrs);
}

/** Its gradient: [dx, dgamma, dbeta]. */
export function runNormActGrad(
  dy: tf.Tensor,
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  mean: tf.Tensor,
  invStd: tf.Tensor,
  attrs: Attrs,
): NormActGradOutputs<tf.Tensor> {
  return hasFusedKernel(GenesisNormActGrad)
    ? runFusedKernel(GenesisNormActGrad, { dy, x, gamma, beta, mean, invStd }, attrs)
    : composedNormActGrad(dy, x, gamma, beta, mean, invStd, attrs);
}
