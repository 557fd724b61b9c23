import type { GenesisKernelName, GenesisKernels } from '@genesis/core/kernels';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Addon } from './addon.js';
import type { NativeBackend } from './backend.js';

/** What a kernel is called with. */
export interface KernelCall<Inputs = Record<string, TensorInfo>, Attrs = NamedAttrMap> {
  inputs: Inputs;
  attrs: Attrs;
  backend: NativeBackend;
  addon: Addon;
}

/**
 * A kernel's implementation; `undefined` leaves the call to the stock kernel of the same name, for
 * types or shapes that are not worth native code.
 */
export type NativeKernel = (call: KernelCall) => TensorInfo | TensorInfo[] | undefined;

type Contract = GenesisKernels<TensorInfo>;

/** The implementation of a fused kernel, which has no stock kernel behind it; `undefined` refuses the types of the inputs. */
export type FusedKernel<Name extends GenesisKernelName> = (
  call: KernelCall<Contract[Name]['inputs'], Contract[Name]['attrs']>,
) => Contract[Name]['outputs'] | undefined;

/** Whether all tensors are float32. */
export function allFloat(...tensors: (TensorInfo | undefined | null)[]): boolean {
  return tensors.every((tensor) => tensor == null || tensor.dtype === 'float32');
}

/** Whether a tensor's values are numbers of 1 or 4 bytes. */
export function isNumeric({ dtype }: TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}

/** Makes the 32-bit list of sizes that the addon reads. */
export function sizes(...values: number[]): Int32Array {
  return Int32Array.from(values);
}
