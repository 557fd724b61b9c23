import { util } from '@tensorflow/tfjs-core';
import type { NumericType } from '../backend.js';
import { isNumeric, type NativeKernel } from '../kernel.js';
import { copyStrided, stepsOf } from '../strided.js';

export const tile: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const x = inputs.x;
  const reps = attrs.reps as number[];
  const outShape = x.shape.map((size, i) => size * reps[i]);
  if (!isNumeric(x) || util.sizeFromShape(outShape) === 0) return undefined;
  const from = stepsOf(x.shape);
  const to = stepsOf(outShape);
  const walk = x.shape.flatMap((size, i) => [
    { size: reps[i], first: 0, second: size * to[i] },
    { size, first: from[i], second: to[i] },
  ]);
  const { info, data } = backend.output(outShape, x.dtype as NumericType);
  if (copyStrided(addon, walk, backend.elements(x), 0, data, 0)) return info;
  backend.disposeIntermediateTensorInfo(info);
  return undefined;
};
