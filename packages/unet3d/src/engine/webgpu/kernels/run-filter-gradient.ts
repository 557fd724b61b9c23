import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type GenesisBackend, MOST_WORK } from '../device/backend.js';
import type { Kernel } from '../device/kernel.js';
import {
  type FilterGradientShape,
  type FilterGradientTile,
  filterGradient,
  filterGradientBlocks,
  filterGradientWidths,
} from '../wgsl/filter-gradient.js';
import type { ConvGeometry } from './conv-geometry.js';
import { mostElements, partOf, planeRuns } from './ranges.js';
import { runReduce } from './run-reduce.js';

/** Workgroups that keep a card busy. */
const ENOUGH_GROUPS = 256;
/** Floating-point operations below which a small tile does: it compiles sooner. */
const LITTLE_WORK = 2e7;
/** Bytes of partial sums at most. */
const MOST_PARTIAL = 2 ** 26;

/** The filter's gradient [kd, kh, kw, in, out] of x and dy. */
export function runFilterGradient(
  backend: GenesisBackend,
  geometry: ConvGeometry,
  x: TensorInfo,
  dy: TensorInfo,
): TensorInfo {
  const { batch, input, output, inputs, outputs, size, strides, before } = geometry;
  const shape: FilterGradientShape = { inputs, outputs, size, strides, before };
  const widths = filterGradientWidths(shape);
  const work =
    2 * batch * output[0] * output[1] * output[2] * size[0] * size[1] * size[2] * inputs * outputs;
  const tile = tileFor(
    inputs / widths.input,
    outputs / widths.output,
    widths.input,
    work < LITTLE_WORK,
  );
  const blocks = filterGradientBlocks(shape, tile);
  const taps = size[0] * size[1] * size[2];
  const filter = taps * inputs * outputs;
  const key = `filter gradient|${Object.values({ ...shape, ...tile }).join('|')}`;
  const kernel: Kernel = {
    name: 'filter gradient of a convolution',
    key,
    access: 'rrw',
    code: () => filterGradient(shape, tile).code,
  };
  const linesOfPlane = output[1];
  const planes = batch * output[0];
  const parts = Math.max(
    1,
    Math.min(
      Math.ceil(ENOUGH_GROUPS / (blocks.rows * blocks.columns * taps)),
      planes * linesOfPlane,
      Math.floor(MOST_PARTIAL / (filter * 4)),
    ),
  );
  const sourcePlane = input[1] * input[2] * inputs;
  const gradientPlane = output[1] * output[2] * outputs;
  const workOfPlane = 2 * output[1] * output[2] * filter;
  const slabs = slabsOf(backend, geometry, sourcePlane, gradientPlane, workOfPlane);
  const each = Math.max(1, Math.ceil(parts / slabs.length));
  const perSlab = slabs.map(({ from, to }) => {
    const count = (to - from) * linesOfPlane;
    const per = Math.ceil(count / Math.min(each, count));
    return { per, count, parts: Math.ceil(count / per) };
  });
  const all = perSlab.reduce((sum, one) => sum + one.parts, 0);
  const partial = backend.output([all, ...size, inputs, outputs]);
  let done = 0;
  for (const [i, { from, to, first, last }] of slabs.entries()) {
    const { per, count, parts: own } = perSlab[i];
    const source = partOf(backend, x, first * sourcePlane, (last - first) * sourcePlane);
    const gradient = partOf(backend, dy, from * gradientPlane, (to - from) * gradientPlane);
    const target = partOf(backend, partial, done * filter, own * filter);
    backend.launch({
      kernel,
      buffers: [source.range, gradient.range, target.range],
      params: [
        ...[count, from * linesOfPlane, per],
        (first * sourcePlane - source.base) / widths.input,
        (from * gradientPlane - gradient.base) / widths.output,
        target.base / widths.output,
        ...[...input, ...output],
      ],
      groups: [blocks.rows * blocks.columns, taps, own],
      work: (to - from) * workOfPlane,
    });
    done += own;
  }
  const filterShape = [...size, inputs, outputs];
  if (all === 1) return { ...partial, shape: filterShape };
  const rows = { dims: [all], strides: [filter] };
  const columns = { dims: [filter], strides: [1] };
  const dw = runReduce(backend, 'sum', partial, columns, rows, filterShape);
  backend.disposeData(partial.dataId);
  return dw;
}

/** Planes of dy, and the planes of x that they need, `last` excluded. */
interface Slab {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

function slabsOf(
  backend: GenesisBackend,
  { batch, input, output, size, strides, before }: ConvGeometry,
  sourcePlane: number,
  gradientPlane: number,
  workOfPlane: number,
): Slab[] {
  const most = mostElements(backend);
  const longest = Math.max(1, Math.floor(MOST_WORK / workOfPlane));
  const planes = batch * output[0];
  const slab = (from: number, to: number): Slab => {
    const [n0, a0] = [Math.floor(from / output[0]), from % output[0]];
    const [n1, a1] = [Math.floor((to - 1) / output[0]), (to - 1) % output[0]];
    const clamp = (plane: number): number => Math.min(input[0], Math.max(0, plane));
    const first = n0 * input[0] + Math.min(input[0] - 1, clamp(a0 * strides[0] - before[0]));
    const last = n1 * input[0] + clamp(a1 * strides[0] - before[0] + size[0]);
    return { from, to, first, last: Math.max(first + 1, last) };
  };
  const isFitting = (from: number, to: number): boolean => {
    const { first, last } = slab(from, to);
    return (last - first) * sourcePlane <= most && (to - from) * gradientPlane <= most;
  };
  return planeRuns(planes, longest, isFitting).map(({ from, to }) => slab(from, to));
}

/** By the vectors of channels that there are. */
function tileFor(rows: number, columns: number, width: 1 | 4, small: boolean): FilterGradientTile {
  const power = (n: number, most: number): number => Math.min(most, 2 ** Math.ceil(Math.log2(n)));
  const across = power(Math.ceil(columns / 2), 8);
  const along = power(Math.ceil((rows * width) / 8), 4);
  if (small) return { down: 1, columns: 1, across, along };
  return {
    down: width === 4 ? Math.min(2, rows) : Math.min(4, rows),
    columns: columns > across ? 2 : 1,
    across,
    along,
  };
}
