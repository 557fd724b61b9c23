import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import type { Kernel } from '../device/kernel.js';
import { maxPool, maxPoolGrad, type PoolShape } from '../wgsl/max-pool.js';
import { allFloat, type GpuKernel } from './kernel-call.js';
import { elementGroups, mostElements, partOf } from './ranges.js';

interface Pooling extends PoolShape {
  /** [n, d, h, w, c] */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Windows side by side without padding; undefined for all others. */
function poolingOf(x: TensorInfo, attrs: Readonly<Record<string, unknown>>): Pooling | undefined {
  if ((attrs.dataFormat ?? 'NDHWC') !== 'NDHWC') return undefined;
  const info = backend_util.computePool3DInfo(
    x.shape as [number, number, number, number, number],
    attrs.filterSize as number,
    attrs.strides as number,
    1,
    attrs.pad as 'valid',
    attrs.dimRoundingMode as 'floor' | undefined,
  );
  const size = [info.filterDepth, info.filterHeight, info.filterWidth] as const;
  const strides = [info.strideDepth, info.strideHeight, info.strideWidth];
  const { front, back, top, bottom, left, right } = info.padInfo;
  if (strides.join() !== size.join() || front + back + top + bottom + left + right > 0) {
    return undefined;
  }
  return { size, width: info.inChannels % 4 === 0 ? 4 : 1, x: x.shape, y: info.outShape };
}

/** Elements of a plane [h, w, c]. */
const planeOf = (shape: readonly number[]): number => shape[2] * shape[3] * shape[4];

/**
 * Runs over planes of what is written, as many at a time as can be bound; `launch` gets the first planes and numbers of planes of
 * input and output.
 */
function overPlanes(
  backend: GenesisBackend,
  { x, y, size }: Pooling,
  launch: (input: [number, number], output: [number, number]) => void,
): void {
  // The last part of a sample has the planes that fill no window.
  const rest = x[1] - y[1] * size[0];
  const planes = Math.floor(mostElements(backend) / planeOf(x)) - rest;
  const most = Math.max(1, Math.floor(planes / size[0]));
  const whole = x[0] * x[1] * planeOf(x) <= mostElements(backend);
  if (whole) {
    launch([0, x[0] * x[1]], [0, y[0] * y[1]]);
    return;
  }
  for (let n = 0; n < x[0]; n++) {
    for (let at = 0; at < y[1]; at += most) {
      const to = Math.min(y[1], at + most);
      const end = to === y[1] ? x[1] : to * size[0];
      launch([n * x[1] + at * size[0], end - at * size[0]], [n * y[1] + at, to - at]);
    }
  }
}

function part(
  backend: GenesisBackend,
  tensor: TensorInfo,
  [from, count]: [number, number],
): ReturnType<typeof partOf> & { first: number; count: number } {
  const plane = planeOf(tensor.shape);
  return {
    ...partOf(backend, tensor, from * plane, count * plane),
    first: from * plane,
    count: count * plane,
  };
}

function kernelOf(
  name: string,
  { size, width }: PoolShape,
  make: () => string,
  access: string,
): Kernel {
  return { name, key: `${name}|${size.join('x')}|${width}`, access, code: make };
}

const pool: GpuKernel = ({ inputs: { x }, attrs, backend }) => {
  const pooling = poolingOf(x, attrs);
  if (!pooling || !allFloat(x)) return undefined;
  const { width } = pooling;
  const y = backend.output(pooling.y);
  const kernel = kernelOf('max pooling', pooling, () => maxPool(pooling).code, 'rw');
  overPlanes(backend, pooling, (input, output) => {
    const [source, target] = [part(backend, x, input), part(backend, y, output)];
    const count = target.count / width;
    backend.launch({
      kernel,
      buffers: [source.range, target.range],
      params: [
        ...[count, target.first / width, x.shape[4] / width],
        ...[(source.first - source.base) / width, target.base / width],
        ...[...x.shape.slice(1, 4), ...pooling.y.slice(1, 4)],
      ],
      groups: [...elementGroups(backend, count), 1],
    });
  });
  return y;
};

const poolGradient: GpuKernel = ({ inputs: { dy, input: x }, attrs, backend }) => {
  const pooling = poolingOf(x, attrs);
  if (!pooling || !allFloat(dy, x)) return undefined;
  const { width } = pooling;
  const dx = backend.output(x.shape);
  const kernel = kernelOf(
    'gradient of max pooling',
    pooling,
    () => maxPoolGrad(pooling).code,
    'rrw',
  );
  overPlanes(backend, pooling, (input, output) => {
    const source = part(backend, x, input);
    const target = part(backend, dx, input);
    const gradient = part(backend, dy, output);
    const count = target.count / width;
    backend.launch({
      kernel,
      buffers: [gradient.range, source.range, target.range],
      params: [
        ...[count, target.first / width, x.shape[4] / width],
        ...[(source.first - source.base) / width, target.base / width],
        ...[...x.shape.slice(1, 4), ...pooling.y.slice(1, 4)],
        (gradient.first - gradient.base) / width,
      ],
      groups: [...elementGroups(backend, count), 1],
    });
  });
  return dx;
};

/** Pooling by windows side by side. */
export const poolKernels: Readonly<Record<string, GpuKernel>> = {
  MaxPool3D: pool,
  MaxPool3DGrad: poolGradient,
};
