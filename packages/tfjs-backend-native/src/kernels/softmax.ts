import type { GenesisSoftmaxGrad } from '@genesis/core/kernels';
import { util } from '@tensorflow/tfjs-core';
import { allFloat, type FusedKernel, type NativeKernel } from '../kernel.js';

export const softmax: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const logits = inputs.logits;
  const rank = logits.shape.length;
  const dim = attrs.dim as number;
  const size = util.sizeFromShape(logits.shape);
  if (!allFloat(logits) || size === 0 || rank === 0 || (dim !== -1 && dim !== rank - 1)) {
    return undefined;
  }
  const classes = logits.shape[rank - 1];
  const { info, data } = backend.floatOutput(logits.shape);
  addon.softmax(size / classes, classes, backend.floats(logits), data);
  return info;
};

export const genesisSoftmaxGrad: FusedKernel<typeof GenesisSoftmaxGrad> = ({
  inputs: { dy, y },
  backend,
  addon,
}) => {
  if (!allFloat(dy, y)) return undefined;
  const classes = y.shape[y.shape.length - 1];
  const { info, data } = backend.floatOutput(y.shape);
  const rows = util.sizeFromShape(y.shape) / classes;
  addon.softmaxGrad(rows, classes, backend.floats(dy), backend.floats(y), data);
  return info;
};
