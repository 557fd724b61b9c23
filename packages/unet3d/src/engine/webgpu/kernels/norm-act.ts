import { DEFAULT_ALPHA, type NormActAttrs } from '@genesis/core/kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import { bitsOf, type Kernel, type Range } from '../device/kernel.js';
import { LANES } from '../wgsl/declare.js';
import {
  type Generated,
  type NormShape,
  normApply,
  normGradApply,
  normGradFinish,
  normGradMerge,
  normGradPartial,
  normMerge,
  normPartial,
} from '../wgsl/norm.js';
import { allFloat, type GpuKernel } from './kernel-call.js';
import { elementGroups, foldGroups, mostElements, type Part, partOf, sizeOf } from './ranges.js';

/** Chunks of a set at most, and voxels of one at least. */
const MOST_CHUNKS = 512;
const LEAST_VOXELS = 64;
/** x seen as [sets, voxels, channels]. */
interface Rows extends NormShape {
  readonly sets: number;
  readonly voxels: number;
  readonly channels: number;
  /** Means of a set, and channels of one. */
  readonly groups: number;
  readonly members: number;
  readonly chunks: number;
  readonly length: number;
  readonly alpha: number;
}

function rowsOf(x: TensorInfo, attrs: NormActAttrs): Rows {
  const { groups, activation, alpha = DEFAULT_ALPHA[activation] } = attrs;
  const channels = x.shape[x.shape.length - 1];
  const sets = groups === 'batch' ? 1 : x.shape[0];
  const voxels = sizeOf(x) / channels / sets;
  const length = Math.max(LEAST_VOXELS, Math.ceil(voxels / MOST_CHUNKS));
  const count = typeof groups === 'number' ? groups : channels;
  return {
    ...{ activation, alpha, sets, voxels, channels, length },
    width: channels % 4 === 0 ? 4 : 1,
    groups: count,
    members: channels / count,
    chunks: Math.ceil(voxels / length),
  };
}

function kernelOf(
  name: string,
  shape: NormShape | undefined,
  make: () => Generated,
  access: string,
): Kernel {
  const key = shape ? `${name}|${shape.activation}|${shape.width}` : name;
  return { name, key, access, code: () => make().code };
}

const merging = ({ groups, channels, members, voxels, chunks, length, sets }: Rows): number[] => [
  ...[groups, channels, members, voxels, chunks, length, sets],
];

/** Runs over all chunks, as many at a time as can be bound; `bind` gets the first element of a run, and their number. */
function overChunks(
  backend: GenesisBackend,
  rows: Rows,
  tensors: readonly TensorInfo[],
  part: TensorInfo,
  launch: (sources: Part[], first: number, target: Part, chunk: number, count: number) => void,
): void {
  const { sets, voxels, channels, chunks, length } = rows;
  const at = Math.max(1, Math.floor(mostElements(backend) / (length * channels)));
  const begin = (chunk: number): number =>
    (Math.floor(chunk / chunks) * voxels + Math.min(voxels, (chunk % chunks) * length)) * channels;
  for (let chunk = 0; chunk < sets * chunks; chunk += at) {
    const count = Math.min(at, sets * chunks - chunk);
    const first = begin(chunk);
    const size = begin(chunk + count) - first;
    launch(
      tensors.map((tensor) => partOf(backend, tensor, first, size)),
      first,
      partOf(backend, part, chunk * 2 * channels, count * 2 * channels),
      chunk,
      count,
    );
  }
}

/** Runs over all vectors, as many at a time as can be bound. */
function overVectors(
  backend: GenesisBackend,
  x: TensorInfo,
  tensors: readonly TensorInfo[],
  width: number,
  launch: (parts: Part[], first: number, count: number, groups: [number, number, number]) => void,
): void {
  const all = sizeOf(x);
  const at = Math.max(LANES, Math.floor(mostElements(backend) / LANES) * LANES);
  for (let first = 0; first < all; first += at) {
    const size = Math.min(at, all - first);
    const count = size / width;
    const parts = tensors.map((tensor) => partOf(backend, tensor, first, size));
    launch(parts, first / width, count, [...elementGroups(backend, count), 1]);
  }
}

/** {@link GenesisNormAct}. */
export const normAct: GpuKernel = ({ inputs: { x, gamma, beta }, attrs, backend }) => {
  if (!allFloat(x, gamma, beta)) return undefined;
  const given = attrs as unknown as NormActAttrs;
  const rows = rowsOf(x, given);
  const { width, sets, groups, channels, chunks, length, voxels } = rows;
  const part = backend.output([sets * chunks, 2, channels]);
  const vectors = channels / width;
  const partial = kernelOf(
    'statistics of a normalisation',
    { ...rows, activation: 'linear' },
    () => normPartial(rows),
    'rw',
  );
  overChunks(backend, rows, [x], part, ([source], first, target, chunk, count) => {
    const [gx, gy] = elementGroups(backend, count * vectors);
    backend.launch({
      kernel: partial,
      buffers: [source.range, target.range],
      params: [
        ...[count * vectors, chunk, vectors, voxels, chunks, length],
        (first - source.base) / width,
        target.base / width,
      ],
      groups: [gx, gy, 1],
    });
  });
  const shape = given.groups === 'batch' ? [channels] : [sets, groups];
  const mean = backend.output(shape);
  const inv = backend.output(shape);
  backend.launch({
    kernel: kernelOf('merged statistics', undefined, normMerge, 'rww'),
    buffers: [part, mean, inv].map((tensor) => backend.whole(tensor)),
    params: [...merging(rows), bitsOf(given.epsilon)],
    groups: [...foldGroups(backend, groups * sets), 1],
  });
  backend.disposeData(part.dataId);
  const y = backend.output(x.shape);
  const apply = kernelOf('normalisation', rows, () => normApply(rows), 'rrrrrw');
  overVectors(backend, x, [x, y], width, ([source, target], first, count, grid) => {
    const small = [mean, inv, gamma, beta].map((tensor) => backend.whole(tensor));
    backend.launch({
      kernel: apply,
      buffers: [source.range, ...small, target.range],
      params: [
        ...[count, first, vectors, voxels, groups, rows.members],
        ...[source.base / width, target.base / width, bitsOf(rows.alpha)],
      ],
      groups: grid,
    });
  });
  return [y, mean, inv];
};

/** {@link GenesisNormActGrad}. */
export const normActGrad: GpuKernel = ({ inputs, attrs, backend }) => {
  const { dy, x, gamma, beta, mean, invStd } = inputs;
  if (!allFloat(dy, x, gamma, beta, mean, invStd)) return undefined;
  const rows = rowsOf(x, attrs as unknown as NormActAttrs);
  const { width, sets, groups, members, channels, chunks, length, voxels, alpha } = rows;
  const vectors = channels / width;
  const small = (): Range[] => [mean, invStd, gamma, beta].map((tensor) => backend.whole(tensor));
  const part = backend.output([sets * chunks, 2, channels]);
  const partial = kernelOf(
    'sums of a normalisation gradient',
    rows,
    () => normGradPartial(rows),
    'rrrrrrw',
  );
  overChunks(backend, rows, [dy, x], part, ([gradient, source], first, target, chunk, count) => {
    const [gx, gy] = elementGroups(backend, count * vectors);
    backend.launch({
      kernel: partial,
      buffers: [gradient.range, source.range, ...small(), target.range],
      params: [
        ...[count * vectors, chunk, vectors, voxels, chunks, length],
        ...[(first - source.base) / width, target.base / width, (first - gradient.base) / width],
        ...[groups, members, bitsOf(alpha)],
      ],
      groups: [gx, gy, 1],
    });
  });
  const sums = backend.output([sets, 2, channels]);
  backend.launch({
    kernel: kernelOf('merged sums', undefined, normGradMerge, 'rw'),
    buffers: [backend.whole(part), backend.whole(sums)],
    params: merging(rows),
    groups: [...foldGroups(backend, channels * sets), 1],
  });
  backend.disposeData(part.dataId);
  const dgamma = backend.output([channels]);
  const dbeta = backend.output([channels]);
  const means = backend.output([sets, 2, groups]);
  const finished = Math.max(channels, groups * sets);
  backend.launch({
    kernel: kernelOf('gradients of a normalisation’s weights', undefined, normGradFinish, 'rrwww'),
    buffers: [sums, gamma, dgamma, dbeta, means].map((tensor) => backend.whole(tensor)),
    params: [finished, ...merging(rows)],
    groups: [...elementGroups(backend, finished), 1],
  });
  backend.disposeData(sums.dataId);
  const dx = backend.output(x.shape);
  const apply = kernelOf(
    'input gradient of a normalisation',
    rows,
    () => normGradApply(rows),
    'rrrrrrrw',
  );
  overVectors(backend, x, [dy, x, dx], width, ([gradient, source, target], first, count, grid) => {
    backend.launch({
      kernel: apply,
      buffers: [gradient.range, source.range, ...small(), backend.whole(means), target.range],
      params: [
        ...[count, first, vectors, voxels, groups, members],
        ...[source.base / width, target.base / width, gradient.base / width, bitsOf(alpha)],
      ],
      groups: grid,
    });
  });
  backend.disposeData(means.dataId);
  return [dx, dgamma, dbeta];
};
