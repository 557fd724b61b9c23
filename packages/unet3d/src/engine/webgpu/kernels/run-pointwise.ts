import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import { bitsOf, type Kernel } from '../device/kernel.js';
import { type Addressing, type Operand, pointwise } from '../wgsl/pointwise.js';
import { elementGroups, mostElements, partOf, sizeOf } from './ranges.js';
import { extentOf, mergeAxes, stridesOf } from './views.js';

/** A tensor and how its numbers are visited. */
export interface View {
  readonly tensor: TensorInfo;
  /** Elements between neighbours along each axis of the block. */
  readonly strides: readonly number[];
  /** Element of the tensor at the block's origin, default 0. */
  readonly offset?: number;
}

/** A computation for each element of a block. */
export interface PointwiseCall {
  /** What errors call it; with the expression it identifies the kernel. */
  readonly name: string;
  /** WGSL of `a`, `b`, …, see `pointwise`. */
  readonly expression: string;
  /** The block. */
  readonly shape: readonly number[];
  readonly inputs: readonly View[];
  readonly output: View;
  /** Further numbers, `P.f0`, …. */
  readonly floats?: readonly number[];
}

/** Whether a tensor's numbers are kept as floats; else they are 32-bit integers. */
export function typeOf(dtype: DataType): 'f32' | 'i32' {
  return dtype === 'float32' ? 'f32' : 'i32';
}

/** The one number of a tensor that has not been uploaded, so that it can travel with the other parameters. */
function constantOf(backend: GenesisBackend, tensor: TensorInfo): number | undefined {
  if (sizeOf(tensor) !== 1) return undefined;
  const { values } = backend.tensorMap.get(tensor.dataId);
  return values == null ? undefined : Number((values as ArrayLike<number>)[0]);
}

/** Computes the output's block, in parts where a tensor is too large to be bound at once. */
export function runPointwise(backend: GenesisBackend, call: PointwiseCall): void {
  const { name, expression, shape, inputs, output, floats = [] } = call;
  if (shape.includes(0)) return;
  const views = [...inputs, output];
  const { dims, strides } = mergeAxes(
    shape,
    views.map((view) => [...view.strides]),
  );
  const constants = inputs.map(({ tensor }) => constantOf(backend, tensor));
  const last = dims.length - 1;
  const width = widthOf(dims, strides, views, constants);
  const addressings = views.map((_, i): Addressing => {
    if (constants[i] !== undefined) return 'constant';
    return dims.length === 1 && strides[i][0] === 1 ? 'flat' : 'strided';
  });
  const operands = views.map(
    ({ tensor }, i): Operand => ({
      type: typeOf(tensor.dtype),
      addressing: addressings[i],
      vector: strides[i][last] === 1,
    }),
  );
  const opts = {
    inputs: operands.slice(0, -1),
    output: operands[inputs.length],
    rank: dims.length,
    width,
    expression,
    floats: floats.length,
  } as const;
  const { key, access, code } = kernelParts(name, opts);
  const kernel: Kernel = { name, key, access, code };
  const bindable = strides.filter((_, i) => constants[i] === undefined);
  const block = { origin: dims.map(() => 0), size: dims };
  for (const { origin, size } of boxesOf(backend, block, bindable, width)) {
    const bound = views.flatMap((view, i) => {
      if (constants[i] !== undefined) return [];
      const start = origin.reduce((sum, at, axis) => sum + at * strides[i][axis], 0);
      const first = (view.offset ?? 0) + start;
      const part = partOf(backend, view.tensor, first, extentOf(size, strides[i]));
      return [{ ...part, i }];
    });
    const count = size.reduce((a, b) => a * b, 1) / width;
    const sizes = size.map((n, axis) => (axis === last ? n / width : n));
    const words = [count, ...sizes];
    for (const [i] of views.entries()) {
      const part = bound.find((one) => one.i === i);
      if (!part) {
        if (operands[i].type === 'i32') words.push((constants[i] ?? 0) >>> 0);
        continue;
      }
      const unit = operands[i].vector ? width : 1;
      words.push(part.base / unit);
      if (addressings[i] !== 'strided') continue;
      // Along the last axis an index is one of vectors: one vector further, or the same number again.
      const steps = strides[i].map((step, axis) => (axis === last ? step : step / unit));
      words.push(...steps.map((step) => step >>> 0));
    }
    const values = constants.filter(
      (_, i) => operands[i].type === 'f32' && constants[i] !== undefined,
    );
    words.push(...[...values, ...floats].map((value) => bitsOf(value ?? 0)));
    const [x, y] = elementGroups(backend, count);
    backend.launch({
      kernel,
      buffers: bound.map(({ range }) => range),
      params: words,
      groups: [x, y, 1],
    });
  }
}

/** Four elements at a time, where every tensor's rows are whole vectors or repeat one number. */
function widthOf(
  dims: readonly number[],
  strides: readonly number[][],
  views: readonly View[],
  constants: readonly (number | undefined)[],
): 1 | 4 {
  const last = dims.length - 1;
  if (dims[last] % 4 !== 0) return 1;
  const whole = views.every(({ offset = 0 }, i) => {
    if (constants[i] !== undefined) return true;
    const step = strides[i][last];
    if (step === 0) return i < views.length - 1;
    return (
      step === 1 && offset % 4 === 0 && strides[i].every((s, axis) => axis === last || s % 4 === 0)
    );
  });
  return whole ? 4 : 1;
}

const KERNELS = new Map<string, { key: string; access: string; code: () => string }>();

function kernelParts(
  name: string,
  opts: Parameters<typeof pointwise>[0],
): { key: string; access: string; code: () => string } {
  const { inputs, output, rank, width, expression, floats } = opts;
  const describe = ({ type, addressing, vector }: Operand): string =>
    `${type}${addressing}${vector ? 'v' : ''}`;
  const all = [...inputs, output];
  // The rank matters only where something is addressed by it, but the sizes are in the uniform.
  const key = `${name}|${expression}|${rank}|${width}|${floats}|${all.map(describe).join()}`;
  const known = KERNELS.get(key);
  if (known) return known;
  const { code, access } = pointwise(opts);
  const made = { key, access, code: () => code };
  KERNELS.set(key, made);
  return made;
}

/** A part of the block: where it starts, and its size. */
interface Box {
  readonly origin: readonly number[];
  readonly size: readonly number[];
}

/** Parts of the block, each of which touches no more of any tensor than can be bound. */
function boxesOf(
  backend: GenesisBackend,
  box: Box,
  strides: readonly number[][],
  width: 1 | 4,
): Box[] {
  const { origin, size } = box;
  const most = mostElements(backend);
  const large = strides.find((own) => extentOf(size, own) > most);
  if (!large) return [box];
  // Halved along the axis that reaches furthest in that tensor.
  const reach = size.map((n, axis) => (n > 1 ? (n - 1) * large[axis] : 0));
  const axis = reach.indexOf(Math.max(...reach));
  const unit = axis === size.length - 1 ? width : 1;
  const first = Math.ceil(size[axis] / 2 / unit) * unit;
  if (first >= size[axis]) return [box];
  const from = origin.map((at, i) => (i === axis ? at + first : at));
  const halves: Box[] = [
    { origin, size: size.map((n, i) => (i === axis ? first : n)) },
    { origin: from, size: size.map((n, i) => (i === axis ? n - first : n)) },
  ];
  return halves.flatMap((half) => boxesOf(backend, half, strides, width));
}

/** The view of a whole tensor in its own order. */
export function wholeView(tensor: TensorInfo): View {
  return { tensor, strides: stridesOf(tensor.shape) };
}
