import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NumericType } from '../backend.js';
import { isNumeric, type NativeKernel } from '../kernel.js';
import { copyStrided } from '../strided.js';

export const concat: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const parts = Object.values(inputs);
  const dtype = parts[0]?.dtype;
  const native = parts.every(
    (part) => part.dtype === dtype && isNumeric(part) && util.sizeFromShape(part.shape) > 0,
  );
  if (!native || parts.length < 2) return undefined;
  const axis = util.parseAxisParam(attrs.axis as number, parts[0].shape)[0];
  const shapes = parts.map((part) => part.shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const outShape = backend_util.computeOutShape(shapes, axis);
  const outer = util.sizeFromShape(outShape.slice(0, axis));
  const outRow = util.sizeFromShape(outShape.slice(axis));
  const { info, data } = backend.output(outShape, dtype as NumericType);
  let first = 0;
  for (const part of parts) {
    const row = util.sizeFromShape(part.shape.slice(axis));
    const walk = [
      { size: outer, first: row, second: outRow },
      { size: row, first: 1, second: 1 },
    ];
    copyStrided(addon, walk, backend.elements(part), 0, data, first);
    first += row;
  }
  return info;
};
