import type { GenesisKernelName, GenesisKernels } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

type Contract = GenesisKernels<tf.Tensor>;

/** Whether the back end in use has a fused kernel; the operation is composed of stock ones otherwise. */
export function hasFusedKernel(name: GenesisKernelName): boolean {
  // Reading the back end first makes tfjs settle on one when none was selected yet.
  tf.backend();
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a fused kernel of the back end in use, as `@genesis/core/kernels` describes it. */
export function runFusedKernel<Name extends GenesisKernelName>(
  name: Name,
  inputs: Contract[Name]['inputs'],
  attrs: Contract[Name]['attrs'],
): Contract[Name]['outputs'] {
  return tf
    .engine()
    .runKernel(name, inputs as object as tf.NamedTensorMap, attrs as object as tf.NamedAttrMap);
}
