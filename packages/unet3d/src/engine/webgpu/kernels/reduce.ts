import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Joining } from '../wgsl/reduce.js';
import { allFloat, allWords, type GpuKernel } from './kernel-call.js';
import { type Axes, runReduce } from './run-reduce.js';
import { stridesOf } from './views.js';

function axesOf(x: TensorInfo, axes: readonly number[]): Axes {
  const strides = stridesOf(x.shape);
  return { dims: axes.map((axis) => x.shape[axis]), strides: axes.map((axis) => strides[axis]) };
}

/** Along any axes; the mean divides by their number. */
function reduction(joining: Joining, mean = false): GpuKernel {
  return ({ inputs: { x }, attrs, backend }) => {
    if (!(mean ? allFloat(x) : allWords(x)) || x.shape.includes(0)) return undefined;
    // The stock kernels call it one or the other.
    const axis = (attrs.reductionIndices ?? attrs.axis) as number | number[];
    const gone = util.parseAxisParam(axis, x.shape);
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !gone.includes(axis));
    const small = kept.map((axis) => x.shape[axis]);
    const shape = attrs.keepDims ? backend_util.expandShapeToKeepDim(small, gone) : small;
    const count = gone.reduce((n, axis) => n * x.shape[axis], 1);
    // A sum of truth values is a number of them.
    const source = x.dtype === 'bool' && joining === 'sum' ? { ...x, dtype: 'int32' as const } : x;
    return runReduce(
      backend,
      joining,
      source,
      axesOf(x, kept),
      axesOf(x, gone),
      shape,
      mean ? 1 / count : 1,
    );
  };
}

/** {@link GenesisUpsample3dGrad}: sums windows side by side. */
export const upsample3dGrad: GpuKernel = ({ inputs: { dy }, attrs, backend }) => {
  if (!allFloat(dy)) return undefined;
  const size = [1, ...(attrs.size as number[]), 1];
  const shape = dy.shape.map((side, axis) => side / size[axis]);
  const strides = stridesOf(dy.shape);
  const between = strides.map((step, axis) => step * size[axis]);
  const kept = { dims: shape, strides: between };
  const gone = { dims: size, strides };
  return runReduce(backend, 'sum', dy, kept, gone, shape);
};

/** Sums, means and extremes along any axes. */
export const reduceKernels: Readonly<Record<string, GpuKernel>> = {
  Max: reduction('max'),
  Mean: reduction('sum', true),
  Min: reduction('min'),
  Prod: reduction('prod'),
  Sum: reduction('sum'),
};
