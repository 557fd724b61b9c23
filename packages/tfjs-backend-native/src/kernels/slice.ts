import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NativeBackend, NumericType } from '../backend.js';
import { isNumeric, type KernelCall, type NativeKernel } from '../kernel.js';
import { copyStrided, stepsOf } from '../strided.js';

function block(
  { backend, addon }: KernelCall,
  x: TensorInfo,
  begin: number[],
  size: number[],
): TensorInfo | undefined {
  const from = stepsOf(x.shape);
  const to = stepsOf(size);
  const part = wholePart(backend, x, begin, size);
  if (part) return part;
  const { info, data } = backend.output(size, x.dtype as NumericType);
  const walk = size.map((n, i) => ({ size: n, first: from[i], second: to[i] }));
  const first = begin.reduce((sum, at, i) => sum + at * from[i], 0);
  if (copyStrided(addon, walk, backend.elements(x), first, data, 0)) return info;
  backend.disposeIntermediateTensorInfo(info);
  return undefined;
}

/** What was joined from parts and is cut into them again is not copied. */
function wholePart(
  backend: NativeBackend,
  x: TensorInfo,
  begin: number[],
  size: number[],
): TensorInfo | undefined {
  const parts = backend.parts(x);
  const last = x.shape.length - 1;
  if (parts?.channels !== x.shape[last]) return undefined;
  if (begin.some((at, i) => i < last && (at > 0 || size[i] < x.shape[i]))) return undefined;
  const part = parts.part(begin[last], size[last]);
  return part && backend.shared(part, size, 'float32');
}

export const slice: NativeKernel = (call) => {
  const x = call.inputs.x;
  if (!isNumeric(x)) return undefined;
  const [begin, size] = slice_util.parseSliceParams(
    x,
    call.attrs.begin as number | number[],
    call.attrs.size as number | number[],
  ) as [number[], number[]];
  slice_util.assertParamsValid(x, begin, size);
  return util.sizeFromShape(size) === 0 ? undefined : block(call, x, begin, size);
};

export const splitV: NativeKernel = (call) => {
  const x = call.inputs.x;
  if (!isNumeric(x) || util.sizeFromShape(x.shape) === 0) return undefined;
  const axis = util.parseAxisParam(call.attrs.axis as number, x.shape)[0];
  const splits = backend_util.prepareSplitSize(
    x,
    call.attrs.numOrSizeSplits as number | number[],
    axis,
  );
  if (x.shape.length > 8 || splits.includes(0)) return undefined;
  let first = 0;
  return splits.map((length) => {
    const begin = x.shape.map((_, i) => (i === axis ? first : 0));
    const size = x.shape.map((n, i) => (i === axis ? length : n));
    first += length;
    return block(call, x, begin, size)!;
  });
};
