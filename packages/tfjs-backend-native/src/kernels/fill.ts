import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allFloat, type KernelCall, type NativeKernel } from '../kernel.js';

function constant({ backend, addon }: KernelCall, shape: number[], value: number): TensorInfo {
  const { info, data } = backend.floatOutput(shape);
  addon.fill(value, data);
  return info;
}

export const fill: NativeKernel = (call) => {
  const { shape, value, dtype } = call.attrs as {
    shape: number[];
    value: number | string | boolean;
    dtype?: string;
  };
  if (typeof value !== 'number' || (dtype ?? 'float32') !== 'float32') return undefined;
  return constant(call, shape, value);
};

export const zerosLike: NativeKernel = (call) =>
  allFloat(call.inputs.x) ? constant(call, call.inputs.x.shape, 0) : undefined;

export const onesLike: NativeKernel = (call) =>
  allFloat(call.inputs.x) ? constant(call, call.inputs.x.shape, 1) : undefined;
