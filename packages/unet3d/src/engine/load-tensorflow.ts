import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineDetails } from './api.js';
import { importOptional } from './import-optional.js';

interface TensorflowBackend {
  isGPUPackage?: boolean;
  isUsingGpuDevice?: boolean;
  binding?: { TF_Version?: string };
}

/**
 * Loads libtensorflow's back end.
 * @param name - The package: with `-gpu` at the end it must find a CUDA device.
 * @throws Error with the reason.
 */
export async function loadTensorflow(
  name: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu',
): Promise<EngineDetails> {
  const gpu = name.endsWith('-gpu');
  // Both packages register the back end "tensorflow"; the second to load would be ignored in silence.
  if (tf.findBackendFactory('tensorflow') == null) {
    restoreUtil();
    await importOptional(name);
  }
  const backend = tf.findBackend('tensorflow') as TensorflowBackend | null;
  if (!backend) {
    const registered = tf.findBackendFactory('tensorflow') != null;
    throw new Error(
      registered
        ? `the back end of ${name} failed to start`
        : `${name} did not register its back end`,
    );
  }
  if (backend.isGPUPackage !== undefined && backend.isGPUPackage !== gpu) {
    const other = gpu ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
    throw new Error(
      `${other} is loaded in this process already, and a process can hold one of the two`,
    );
  }
  if (gpu && backend.isUsingGpuDevice !== true) {
    throw new Error(
      'libtensorflow finds no usable CUDA device, so it would run on the processor (it needs CUDA 11.2 and cuDNN 8.1)',
    );
  }
  return {
    package: name,
    device: gpu ? 'gpu' : 'cpu',
    libtensorflow: backend.binding?.TF_Version ?? 'unknown',
  };
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed. */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as {
    isNullOrUndefined?: (v: unknown) => boolean;
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
