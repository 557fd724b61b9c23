// Registers the stock kernels, which are copied to this back end below.
import '@tensorflow/tfjs-backend-cpu';
import {
  findBackend,
  getKernelsForBackend,
  type KernelConfig,
  type KernelFunc,
  registerBackend,
  registerKernel,
} from '@tensorflow/tfjs-core';
import { loadAddon } from './addon.js';
import type { KernelProfile } from './api.js';
import { NativeBackend } from './backend.js';
import type { KernelCall, NativeKernel } from './kernel.js';
import { fusedKernels, overriddenKernels } from './kernels/index.js';
import { profiling, record } from './profile.js';

export const BACKEND_NAME = 'native';
/** Above the stock cpu back end (1), below those that run on a GPU. */
const PRIORITY = 2;

// TensorFlow.js calls a fused kernel with what the contract says.
const kernels: Readonly<Record<string, NativeKernel>> = {
  ...overriddenKernels,
  ...(fusedKernels as unknown as Record<string, NativeKernel>),
};

let registered = false;

function measured(kernel: string, path: KernelProfile['path'], run: KernelFunc): KernelFunc {
  return (call) => {
    if (!profiling()) return run(call);
    const start = performance.now();
    const result = run(call);
    record(kernel, path, performance.now() - start);
    return result;
  };
}

/** Runs the native kernel, or the stock one where that declines. */
function kernelFunc(name: string, kernel: NativeKernel, stock: KernelFunc | undefined): KernelFunc {
  return (call) => {
    const backend = call.backend as NativeBackend;
    const result = kernel({ ...(call as unknown as KernelCall), backend, addon: backend.addon });
    if (result !== undefined) return result;
    if (!stock) throw new Error(`Kernel '${name}' takes float32 tensors only.`);
    return stock(call);
  };
}

function configOf(name: string, stock: KernelConfig | undefined): KernelConfig {
  const kernel = kernels[name];
  const stockFunc = stock && measured(name, 'stock', stock.kernelFunc);
  return {
    ...stock,
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc: kernel ? measured(name, 'native', kernelFunc(name, kernel, stockFunc)) : stockFunc!,
  };
}

/**
 * Registers the back end 'native' with TensorFlow.js; call `tf.setBackend('native')` to use it. Later
 * calls do nothing.
 * @throws NativeUnavailableError when the addon is not built or does not load
 */
export function registerNativeBackend(): void {
  if (registered) return;
  const addon = loadAddon();
  for (const stock of getKernelsForBackend('cpu'))
    registerKernel(configOf(stock.kernelName, stock));
  for (const name of Object.keys(fusedKernels)) registerKernel(configOf(name, undefined));
  registerBackend(BACKEND_NAME, () => new NativeBackend(addon), PRIORITY);
  registered = true;
}

/** The back end of this thread, when it has been used. */
export function currentBackend(): NativeBackend | undefined {
  return registered
    ? ((findBackend(BACKEND_NAME) as NativeBackend | null) ?? undefined)
    : undefined;
}
