import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import { convGeometry, convShapes } from './conv-geometry.js';
import { allFloat, type GpuKernel } from './kernel-call.js';
import { permuted } from './layout.js';
import { runConv, runConvInput } from './run-conv.js';
import { runFilterGradient } from './run-filter-gradient.js';

function forward(
  backend: GenesisBackend,
  attrs: Readonly<Record<string, unknown>>,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
): TensorInfo | undefined {
  const geometry = convGeometry(x.shape, filter.shape, attrs);
  if (!geometry || !allFloat(x, filter)) return undefined;
  const y = backend.output(convShapes(geometry).y);
  runConv(backend, geometry, x, filter, bias, y);
  return y;
}

const conv3d: GpuKernel = ({ inputs: { x, filter }, attrs, backend }) =>
  forward(backend, attrs, x, filter, null);

/** {@link GenesisConv3dBias}. */
export const conv3dBias: GpuKernel = ({ inputs: { x, filter, bias }, attrs, backend }) =>
  forward(backend, attrs, x, filter, bias);

const inputGradient: GpuKernel = ({ inputs: { dy, filter }, attrs, backend }) => {
  const shape = attrs.inputShape as number[];
  const geometry = convGeometry(shape, filter.shape, attrs);
  if (!geometry || !allFloat(dy, filter)) return undefined;
  const dx = backend.output(shape);
  const turned = permuted(backend, filter, [0, 1, 2, 4, 3]);
  runConvInput(backend, geometry, dy, turned, dx);
  backend.disposeData(turned.dataId);
  return dx;
};

const filterGradient: GpuKernel = ({ inputs: { x, dy }, attrs, backend }) => {
  const geometry = convGeometry(x.shape, attrs.filterShape as number[], attrs);
  if (!geometry || !allFloat(x, dy)) return undefined;
  return runFilterGradient(backend, geometry, x, dy);
};

/** Convolutions and their gradients. */
export const convKernels: Readonly<Record<string, GpuKernel>> = {
  Conv3D: conv3d,
  Conv3DBackpropFilterV2: filterGradient,
  Conv3DBackpropInputV2: inputGradient,
};
