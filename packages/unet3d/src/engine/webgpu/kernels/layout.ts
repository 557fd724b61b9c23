import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import { fillView } from './elementwise.js';
import { allFloat, allWords, type GpuKernel } from './kernel-call.js';
import { runPointwise, type View, wholeView } from './run-pointwise.js';
import { stridesOf } from './views.js';

/** Copies a block of numbers from one place to another. */
export function copyBlock(
  backend: GenesisBackend,
  shape: readonly number[],
  input: View,
  output: View,
): void {
  runPointwise(backend, { name: 'copy', expression: 'a', shape, inputs: [input], output });
}

const slice: GpuKernel = ({ inputs: { x }, attrs, backend }) => {
  if (!allWords(x)) return undefined;
  const [begin, size] = slice_util.parseSliceParams(
    x as never,
    attrs.begin as number[],
    attrs.size as number[],
  );
  slice_util.assertParamsValid(x as never, begin, size);
  const y = backend.output(size, x.dtype);
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((sum, at, axis) => sum + at * strides[axis], 0);
  copyBlock(backend, size, { tensor: x, strides, offset }, wholeView(y));
  return y;
};

const concat: GpuKernel = ({ inputs, attrs, backend }) => {
  const all = Object.values(inputs);
  if (!allWords(...all) || all.some(({ dtype }) => dtype !== all[0].dtype)) return undefined;
  const [axis] = util.parseAxisParam(attrs.axis as number, all[0].shape);
  const shape = backend_util.computeOutShape(
    all.map((tensor) => tensor.shape),
    axis,
  );
  const y = backend.output(shape, all[0].dtype);
  const strides = stridesOf(shape);
  let at = 0;
  for (const tensor of all) {
    copyBlock(backend, tensor.shape, wholeView(tensor), {
      tensor: y,
      strides,
      offset: at * strides[axis],
    });
    at += tensor.shape[axis];
  }
  return y;
};

const pad: GpuKernel = ({ inputs: { x }, attrs, backend }) => {
  const { paddings, constantValue } = attrs as {
    paddings: [number, number][];
    constantValue: number;
  };
  if (!allFloat(x)) return undefined;
  const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  const y = backend.output(shape);
  fillView(backend, wholeView(y), shape, constantValue);
  const strides = stridesOf(shape);
  const offset = paddings.reduce((sum, [before], axis) => sum + before * strides[axis], 0);
  copyBlock(backend, x.shape, wholeView(x), { tensor: y, strides, offset });
  return y;
};

/** Repeats a tensor `times[axis]` times along each axis: all of it, or each of its elements in place. */
function repeat(
  backend: GenesisBackend,
  x: TensorInfo,
  times: readonly number[],
  inPlace: boolean,
): TensorInfo {
  const own = stridesOf(x.shape);
  const shape = x.shape.map((size, axis) => size * times[axis]);
  const block: number[] = [];
  const strides: number[] = [];
  for (const [axis, size] of x.shape.entries()) {
    const pair = [
      [times[axis], 0],
      [size, own[axis]],
    ];
    for (const [count, step] of inPlace ? pair.reverse() : pair) {
      block.push(count);
      strides.push(step);
    }
  }
  const y = backend.output(shape, x.dtype);
  copyBlock(backend, block, { tensor: x, strides }, { tensor: y, strides: stridesOf(block) });
  return y;
}

const tile: GpuKernel = ({ inputs: { x }, attrs, backend }) =>
  allWords(x) ? repeat(backend, x, attrs.reps as number[], false) : undefined;

const transpose: GpuKernel = ({ inputs: { x }, attrs, backend }) =>
  allWords(x) ? permuted(backend, x, attrs.perm as number[]) : undefined;

/** The tensor with its axes in another order. */
export function permuted(
  backend: GenesisBackend,
  x: TensorInfo,
  perm: readonly number[],
): TensorInfo {
  const own = stridesOf(x.shape);
  const shape = perm.map((axis) => x.shape[axis]);
  const y = backend.output(shape, x.dtype);
  const strides = perm.map((axis) => own[axis]);
  copyBlock(backend, shape, { tensor: x, strides }, wholeView(y));
  return y;
}

/** {@link GenesisUpsample3d}. */
export const upsample3d: GpuKernel = ({ inputs: { x }, attrs, backend }) =>
  allFloat(x) ? repeat(backend, x, [1, ...(attrs.size as number[]), 1], true) : undefined;

/** What moves numbers, right at any rank. */
export const layoutKernels: Readonly<Record<string, GpuKernel>> = {
  Concat: concat,
  PadV2: pad,
  Slice: slice,
  Tile: tile,
  Transpose: transpose,
};
