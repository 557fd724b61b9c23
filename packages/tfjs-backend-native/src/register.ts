// Registers the stock kernels, which are copied to this back end below.
import '@tensorflow/tfjs-backend-cpu';
import {
  copyRegisteredKernels,
  findBackend,
  getKernel,
  type KernelFunc,
  registerBackend,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { loadAddon } from './addon.js';
import { NativeBackend } from './backend.js';
import type { KernelCall, NativeKernel } from './kernel.js';
import { genesisKernels, overriddenKernels } from './kernels/index.js';
import { profiling, record } from './profile.js';

export const BACKEND_NAME = 'native';
/** Above the stock cpu back end (1), below those that run on a GPU. */
const PRIORITY = 2;

let registered = false;

function kernelFunc(name: string, kernel: NativeKernel, stock: KernelFunc | undefined): KernelFunc {
  const run: KernelFunc = (call) => {
    const backend = call.backend as NativeBackend;
    const result = kernel({ ...(call as unknown as KernelCall), backend, addon: backend.addon });
    if (result !== undefined) return result;
    if (!stock) throw new Error(`Kernel '${name}' takes float32 tensors only.`);
    return stock(call);
  };
  return (call) => {
    if (!profiling()) return run(call);
    const start = performance.now();
    const result = run(call);
    record(name, 'native', performance.now() - start);
    return result;
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
  copyRegisteredKernels('cpu', BACKEND_NAME);
  for (const [name, kernel] of Object.entries(overriddenKernels)) {
    const stock = getKernel(name, 'cpu').kernelFunc;
    unregisterKernel(name, BACKEND_NAME);
    registerKernel({
      kernelName: name,
      backendName: BACKEND_NAME,
      kernelFunc: kernelFunc(name, kernel, stock),
    });
  }
  for (const [name, kernel] of Object.entries(genesisKernels)) {
    registerKernel({
      kernelName: name,
      backendName: BACKEND_NAME,
      kernelFunc: kernelFunc(name, kernel, undefined),
    });
  }
  registerBackend(BACKEND_NAME, () => new NativeBackend(addon), PRIORITY);
  registered = true;
}

/** The back end of this thread, when it has been used. */
export function currentBackend(): NativeBackend | undefined {
  return registered
    ? ((findBackend(BACKEND_NAME) as NativeBackend | null) ?? undefined)
    : undefined;
}
