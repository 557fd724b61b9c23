import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import { bitsOf, type Kernel } from '../device/kernel.js';
import { type Joining, reduce } from '../wgsl/reduce.js';
import { elementGroups, mostElements, partOf, sizeOf } from './ranges.js';
import { typeOf } from './run-pointwise.js';
import { extentOf, mergeAxes } from './views.js';

/** Axes of a tensor: sizes, and elements from one index to the next. */
export interface Axes {
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}

/** Numbers that one thread joins at most, and partial results that are left for the last pass at most. */
const ONE_PASS = 512;
const FIRST_PASS = 256;
const product = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/**
 * Joins the numbers of `x` along the axes `gone`, for each index of the axes `kept`, into a new tensor of `shape`, in one or two
 * passes whose order depends on sizes alone.
 *
 * @param scale - Factor of the result (floats only), default 1.
 */
export function runReduce(
  backend: GenesisBackend,
  joining: Joining,
  x: TensorInfo,
  kept: Axes,
  gone: Axes,
  shape: readonly number[],
  scale = 1,
): TensorInfo {
  const y = backend.output(shape, x.dtype);
  if (sizeOf(y) === 0) return y;
  const merged = (axes: Axes): Axes => {
    const { dims, strides } = mergeAxes(axes.dims, [[...axes.strides]]);
    return { dims, strides: strides[0] };
  };
  const [k, g] = [merged(kept), merged(gone)];
  const outputs = product(k.dims);
  const most = mostElements(backend);
  // Where the outermost axis stays, parts of it are results of their own.
  const extent = (rows: number): number =>
    extentOf([rows, ...k.dims.slice(1), ...g.dims], [...k.strides, ...g.strides]);
  const apart = k.strides[0] > g.strides[0] && extent(k.dims[0]) > most;
  let step = k.dims[0];
  while (apart && step > 1 && extent(step) > most) step = Math.ceil(step / 2);
  for (let row = 0; row < k.dims[0]; row += step) {
    const rows = Math.min(step, k.dims[0] - row);
    joinInto(backend, joining, {
      x,
      offset: row * k.strides[0],
      kept: { ...k, dims: [rows, ...k.dims.slice(1)] },
      gone: g,
      y,
      out: (row * outputs) / k.dims[0],
      scale,
    });
  }
  return y;
}

/** A reduction of a part of x into a part of y. */
interface Reduction {
  readonly x: TensorInfo;
  /** First element. */
  readonly offset: number;
  readonly kept: Axes;
  readonly gone: Axes;
  readonly y: TensorInfo;
  /** First result. */
  readonly out: number;
  readonly scale: number;
}

function joinInto(
  backend: GenesisBackend,
  joining: Joining,
  { x, offset, kept, gone, y, out, scale }: Reduction,
): void {
  const outputs = product(kept.dims);
  const parts = reducedParts(backend, kept, gone);
  const chunks = parts.map(([from, to]) => {
    const count = product([to - from, ...gone.dims.slice(1)]);
    return count <= ONE_PASS ? 1 : Math.min(ONE_PASS, Math.ceil(count / FIRST_PASS));
  });
  const all = chunks.reduce((a, b) => a + b, 0);
  const partial = all === 1 ? undefined : backend.output([all, outputs], x.dtype);
  let done = 0;
  for (const [i, [from, to]] of parts.entries()) {
    const part = { ...gone, dims: [to - from, ...gone.dims.slice(1)] };
    pass(backend, joining, x, offset + from * gone.strides[0], kept, part, partial ?? y, {
      chunks: chunks[i],
      out: partial ? done * outputs : out,
      scale: partial ? 1 : scale,
    });
    done += chunks[i];
  }
  if (!partial) return;
  const rest = {
    ...{ x: partial, offset: 0, y, out, scale },
    kept: { dims: [outputs], strides: [1] },
    gone: { dims: [all], strides: [outputs] },
  };
  // Partial results that are too many to be bound are fewer each time.
  if (all * outputs > mostElements(backend) && all < product(gone.dims)) {
    joinInto(backend, joining, rest);
  } else pass(backend, joining, partial, 0, rest.kept, rest.gone, y, { chunks: 1, out, scale });
  backend.disposeData(partial.dataId);
}

/** Ranges of the outermost axis that goes, each of which can be bound. */
function reducedParts(backend: GenesisBackend, kept: Axes, gone: Axes): [number, number][] {
  const most = mostElements(backend);
  let step = gone.dims[0];
  const whole = extentOf([...kept.dims, ...gone.dims], [...kept.strides, ...gone.strides]);
  if (whole > most) {
    const rest =
      extentOf(kept.dims, kept.strides) + extentOf([1, ...gone.dims.slice(1)], gone.strides);
    step = Math.max(
      1,
      Math.min(step, Math.floor((most - rest) / Math.max(1, gone.strides[0])) + 1),
    );
  }
  const parts: [number, number][] = [];
  for (let from = 0; from < gone.dims[0]; from += step) {
    parts.push([from, Math.min(gone.dims[0], from + step)]);
  }
  return parts;
}

function pass(
  backend: GenesisBackend,
  joining: Joining,
  x: TensorInfo,
  offset: number,
  kept: Axes,
  gone: Axes,
  y: TensorInfo,
  { chunks, out, scale }: { chunks: number; out: number; scale: number },
): void {
  const type = typeOf(x.dtype);
  const last = kept.dims.length - 1;
  const outputs = product(kept.dims);
  const length = product(gone.dims);
  const extent = extentOf([...kept.dims, ...gone.dims], [...kept.strides, ...gone.strides]);
  const wide =
    kept.strides[last] === 1 &&
    kept.dims[last] % 4 === 0 &&
    offset % 4 === 0 &&
    out % 4 === 0 &&
    [...kept.strides.slice(0, last), ...gone.strides].every((s) => s % 4 === 0);
  const width = wide ? 4 : 1;
  const opts = { type, joining, kept: kept.dims.length, reduced: gone.dims.length, width } as const;
  const source = partOf(backend, x, offset, extent);
  const target = partOf(backend, y, out, outputs * chunks);
  const keptDims = kept.dims.map((n, axis) => (axis === last ? n / width : n));
  const keptStrides = kept.strides.map((s, axis) => (axis === last ? s : s / width));
  const count = (outputs / width) * chunks;
  const name = `${joining} along axes`;
  const kernel: Kernel = {
    name,
    key: `${name}|${Object.values(opts).join()}`,
    access: 'rw',
    code: () => reduce(opts).code,
  };
  const [gx, gy] = elementGroups(backend, count);
  backend.launch({
    kernel,
    buffers: [source.range, target.range],
    params: [
      ...[count, outputs / width, chunks, length, source.base / width, target.base / width],
      ...[...keptDims, ...keptStrides, ...gone.dims, ...gone.strides.map((s) => s / width)],
      bitsOf(scale),
    ],
    groups: [gx, gy, 1],
    work: outputs * length,
  });
}
