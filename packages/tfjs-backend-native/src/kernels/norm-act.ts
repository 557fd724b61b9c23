import {
  DEFAULT_ALPHA,
  type GenesisNormAct,
  type GenesisNormActGrad,
  type NormActAttrs,
} from '@genesis/core/kernels';
import { util } from '@tensorflow/tfjs-core';
import type { Addon } from '../addon.js';
import { type FusedKernel, sizes } from '../kernel.js';

interface NormGeometry {
  /** outer, rows, channels, groups: see NormShape in native/ops/norm/norm.h. */
  shape: Int32Array;
  statShape: number[];
}

function geometry(shape: number[], groups: NormActAttrs['groups']): NormGeometry {
  const batch = shape[0];
  const channels = shape.at(-1)!;
  const voxels = util.sizeFromShape(shape.slice(1, -1));
  if (groups === 'batch') {
    return { shape: sizes(1, batch * voxels, channels, channels), statShape: [channels] };
  }
  const count = groups === 'instance' ? channels : groups;
  util.assert(
    Number.isInteger(count) && count > 0 && channels % count === 0,
    () => `Group normalisation cannot split ${channels} channels into ${count} equal groups.`,
  );
  return { shape: sizes(batch, voxels, channels, count), statShape: [batch, count] };
}

function activationOf(addon: Addon, { activation, alpha }: NormActAttrs): [number, number] {
  const number = addon.activations[activation];
  util.assert(number !== undefined, () => `There is no fused activation '${activation}'.`);
  return [number, alpha ?? DEFAULT_ALPHA[activation]];
}

export const genesisNormAct: FusedKernel<typeof GenesisNormAct> = ({
  inputs,
  attrs,
  backend,
  addon,
}) => {
  const { x, gamma, beta } = inputs;
  const { shape, statShape } = geometry(x.shape, attrs.groups);
  const y = backend.floatOutput(x.shape);
  const mean = backend.floatOutput(statShape);
  const invStd = backend.floatOutput(statShape);
  addon.normAct(
    shape,
    backend.floats(x),
    backend.floats(gamma),
    backend.floats(beta),
    attrs.epsilon,
    ...activationOf(addon, attrs),
    y.data,
    mean.data,
    invStd.data,
  );
  return [y.info, mean.info, invStd.info];
};

export const genesisNormActGrad: FusedKernel<typeof GenesisNormActGrad> = ({
  inputs,
  attrs,
  backend,
  addon,
}) => {
  const { dy, x, gamma, beta, mean, invStd } = inputs;
  const { shape } = geometry(x.shape, attrs.groups);
  const dx = backend.floatOutput(x.shape);
  const dgamma = backend.floatOutput(gamma.shape);
  const dbeta = backend.floatOutput(beta.shape);
  const sums = new Float32Array(util.sizeFromShape(gamma.shape));
  addon.normActGrad(
    shape,
    backend.floats(dy),
    backend.floats(x),
    backend.floats(gamma),
    backend.floats(beta),
    backend.floats(mean),
    backend.floats(invStd),
    ...activationOf(addon, attrs),
    dx.data,
    dgamma.data,
    dbeta.data,
    sums,
  );
  backend.setColumnSums(dx.info, sums);
  return [dx.info, dgamma.info, dbeta.info];
};
