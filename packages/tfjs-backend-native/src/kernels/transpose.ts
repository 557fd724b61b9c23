import { util } from '@tensorflow/tfjs-core';
import type { NumericType } from '../backend.js';
import { isNumeric, type NativeKernel } from '../kernel.js';
import { copyStrided, stepsOf } from '../strided.js';

export const transpose: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const x = inputs.x;
  const perm = attrs.perm as number[];
  if (!isNumeric(x) || util.sizeFromShape(x.shape) === 0) return undefined;
  const outShape = perm.map((axis) => x.shape[axis]);
  const from = stepsOf(x.shape);
  const to = stepsOf(outShape);
  const walk = perm.map((axis, i) => ({
    size: outShape[i],
    first: from[axis],
    second: to[i],
  }));
  const { info, data } = backend.output(outShape, x.dtype as NumericType);
  if (copyStrided(addon, walk, backend.elements(x), 0, data, 0)) return info;
  backend.disposeIntermediateTensorInfo(info);
  return undefined;
};
