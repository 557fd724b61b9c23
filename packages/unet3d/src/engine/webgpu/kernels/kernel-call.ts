import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';

/** What TensorFlow.js hands a kernel. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: GenesisBackend;
}

/** One of our kernels. Returns undefined when it declines, and the stock one runs. */
export type GpuKernel = (call: KernelCall) => TensorInfo | TensorInfo[] | undefined;

/** Whether tensors hold what our kernels compute with: floats. */
export function allFloat(...tensors: readonly TensorInfo[]): boolean {
  return tensors.every(({ dtype }) => dtype === 'float32');
}

/** Whether tensors hold floats, integers or truth values: 32 bits a number. */
export function allWords(...tensors: readonly TensorInfo[]): boolean {
  return tensors.every(({ dtype }) => ['float32', 'int32', 'bool'].includes(dtype));
}
