import * as tf from '@tensorflow/tfjs-core';
import { cpuLoader } from '../cpu-loader.js';
import { backendClass, type GenesisBackend, MOST_DISPATCHES } from './device/backend.js';
import { openDevice } from './device/open-device.js';
import type { StockBackendClass } from './device/stock-backend.js';
import { fusedKernels, replacedKernels } from './kernels/index.js';
import type { GpuKernel, KernelCall } from './kernels/kernel-call.js';
import { selfTest } from './self-test.js';

const NAME = 'webgpu';
/** As the stock back end's. */
const PRIORITY = 3;

let replaced = false;

/** The engine's back end, when it has been started. */
export function currentGpuBackend(): GenesisBackend | undefined {
  return replaced ? ((tf.findBackend(NAME) as GenesisBackend | null) ?? undefined) : undefined;
}

/**
 * Puts our back end and kernels in the place of the stock ones, which its package registered, and tries them. A device that failed is
 * replaced by a new one, since nothing runs on it any more. Leaves the engine in use as it was.
 *
 * @param Stock - The package's class.
 * @throws WebGpuError when a kernel gives wrong results here.
 */
export async function registerGpuBackend(Stock: StockBackendClass): Promise<void> {
  const before = currentGpuBackend();
  if (before && !failed(before)) return;
  if (!replaced) replaceKernels();
  replaced = true;
  // It would submit every fifteen dispatches.
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', MOST_DISPATCHES);
  tf.removeBackend(NAME);
  const Backend = backendClass(Stock);
  tf.registerBackend(
    NAME,
    async () => {
      const { device, info } = await openDevice();
      return new Backend(device, info);
    },
    PRIORITY,
  );
  const current = tf.getBackend();
  await cpuLoader.load();
  try {
    await selfTest(NAME);
  } finally {
    if (current) await tf.setBackend(current);
  }
}

function failed(backend: GenesisBackend): boolean {
  try {
    backend.check();
    return false;
  } catch {
    return true;
  }
}

function replaceKernels(): void {
  for (const [name, kernel] of Object.entries({ ...replacedKernels, ...fusedKernels })) {
    const stock = tf.getKernel(name, NAME);
    if (stock) tf.unregisterKernel(name, NAME);
    tf.registerKernel({
      ...stock,
      kernelName: name,
      backendName: NAME,
      kernelFunc: choose(name, kernel, stock?.kernelFunc),
    });
  }
}

/** Runs our kernel, or the stock one where that declines. */
function choose(name: string, kernel: GpuKernel, stock: tf.KernelFunc | undefined): tf.KernelFunc {
  return (call) => {
    const result = kernel(call as unknown as KernelCall);
    if (result !== undefined) return result;
    if (!stock) throw new Error(`Kernel '${name}' takes float32 tensors only.`);
    return stock(call);
  };
}
