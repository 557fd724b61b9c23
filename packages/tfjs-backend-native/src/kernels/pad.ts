import { util } from '@tensorflow/tfjs-core';
import { allFloat, type NativeKernel } from '../kernel.js';
import { copyStrided, MAX_RANK, stepsOf } from '../strided.js';

export const padV2: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const x = inputs.x;
  const paddings = attrs.paddings as [number, number][];
  if (!allFloat(x) || x.shape.length > MAX_RANK || util.sizeFromShape(x.shape) === 0) {
    return undefined;
  }
  const outShape = paddings.map(([before, after], i) => before + x.shape[i] + after);
  const from = stepsOf(x.shape);
  const to = stepsOf(outShape);
  const { info, data } = backend.floatOutput(outShape);
  addon.fill(attrs.constantValue as number, data);
  const walk = x.shape.map((size, i) => ({ size, first: from[i], second: to[i] }));
  const first = paddings.reduce((sum, [before], i) => sum + before * to[i], 0);
  copyStrided(addon, walk, backend.floats(x), 0, data, first);
  return info;
};
