import { util } from '@tensorflow/tfjs-core';
import { allFloat, type NativeKernel } from '../kernel.js';

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
