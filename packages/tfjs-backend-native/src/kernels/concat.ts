import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NativeBackend, NumericType } from '../backend.js';
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
  const joined = inParts(backend, parts, outShape, axis);
  if (joined) return joined;
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

/** Parts whose channels lie within whole vectors of every instruction set. */
const JOIN_UNIT = 16;

/** Two volumes that are joined by their channels, as a tensor of two parts, which convolutions read where they are. */
function inParts(
  backend: NativeBackend,
  tensors: readonly TensorInfo[],
  outShape: number[],
  axis: number,
): TensorInfo | undefined {
  const [a, b] = tensors;
  if (tensors.length !== 2 || a.dtype !== 'float32' || outShape.length !== 5 || axis !== 4) {
    return undefined;
  }
  const [first, second] = [backend.pooled(a), backend.pooled(b)];
  if (!first || !second || a.shape[4] % JOIN_UNIT !== 0) return undefined;
  return backend.joined(outShape, [
    { values: first, channels: a.shape[4] },
    { values: second, channels: b.shape[4] },
  ]);
}
