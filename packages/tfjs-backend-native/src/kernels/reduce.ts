import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { ReduceOp } from '../addon.js';
import { allFloat, type KernelCall, type NativeKernel } from '../kernel.js';

/** One reduction of x [kept, reduced, inner]. */
interface Stage {
  kept: number;
  reduced: number;
  inner: number;
}

/** Splits a reduction over any axes into reductions over neighbouring ones, the innermost first. */
export function reductionStages(shape: number[], axes: number[]): Stage[] {
  const groups: { size: number; reduced: boolean }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const reduced = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.reduced === reduced) last.size *= size;
    else groups.push({ size, reduced });
  });
  const stages: Stage[] = [];
  let inner = 1;
  for (let i = groups.length - 1; i >= 0; i--) {
    const { size, reduced } = groups[i];
    const kept = groups.slice(0, i).reduce((product, group) => product * group.size, 1);
    if (reduced) stages.push({ kept, reduced: size, inner });
    else inner *= size;
  }
  return stages;
}

function reduce(
  { backend, addon }: KernelCall,
  x: TensorInfo,
  op: ReduceOp,
  axes: number[],
  outShape: number[],
  scale: number,
): TensorInfo {
  const stages = reductionStages(x.shape, axes);
  let current = x;
  stages.forEach(({ kept, reduced, inner }, i) => {
    const last = i === stages.length - 1;
    const { info, data } = backend.floatOutput(last ? outShape : [kept * inner]);
    const factor = last ? scale : 1;
    const values = backend.floats(current);
    addon.reduce(addon.reduceOps[op], kept, reduced, inner, factor, values, data);
    if (current !== x) backend.disposeIntermediateTensorInfo(current);
    current = info;
  });
  if (current !== x) return current;
  const { info, data } = backend.floatOutput(outShape);
  addon.unary(addon.unaryOps.Scale, scale, 0, backend.floats(x), data);
  return info;
}

/** Sums over all axes but the last that lie with the tensor. */
function knownSums(
  { backend }: KernelCall,
  x: TensorInfo,
  axes: readonly number[],
): Float32Array | undefined {
  const sums = backend.columnSums(x);
  const last = x.shape.length - 1;
  const others = axes.length === last && !axes.includes(last);
  return others && sums?.length === x.shape[last] ? sums : undefined;
}

function reduction(op: ReduceOp | 'Mean', axisAttr: string): NativeKernel {
  return (call) => {
    const x = call.inputs.x;
    if (!allFloat(x) || util.sizeFromShape(x.shape) === 0) return undefined;
    const axes = util.parseAxisParam(call.attrs[axisAttr] as number | number[], x.shape);
    const [outShape, reduceShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = call.attrs.keepDims
      ? backend_util.expandShapeToKeepDim(outShape, axes)
      : outShape;
    const known = op === 'Sum' ? knownSums(call, x, axes) : undefined;
    if (known) {
      const { info, data } = call.backend.floatOutput(shape);
      data.set(known);
      return info;
    }
    if (op !== 'Mean') return reduce(call, x, op, axes, shape, 1);
    return reduce(call, x, 'Sum', axes, shape, 1 / util.sizeFromShape(reduceShape));
  };
}

export const sum = reduction('Sum', 'axis');
export const mean = reduction('Mean', 'axis');
export const max = reduction('Max', 'reductionIndices');
export const min = reduction('Min', 'axis');
