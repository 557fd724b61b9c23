import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineDetails, EngineLoaders } from './api.js';
import { cpuLoader } from './cpu.js';
import { describeAdapter, isSoftware } from './webgpu/adapter.js';

/** Loaders for Node: optional packages are imported only when their engine is asked for. */
export const engineLoaders: EngineLoaders = {
  'tensorflow-gpu': {
    backend: 'tensorflow',
    load: () => loadTensorflow('@tensorflow/tfjs-node-gpu'),
    preferred: () => true,
  },
  tensorflow: {
    backend: 'tensorflow',
    load: () => loadTensorflow('@tensorflow/tfjs-node'),
    preferred: () => true,
  },
  native: { backend: 'native', load: loadNative, preferred: () => true },
  webgpu: {
    backend: 'webgpu',
    load: loadWebgpu,
    preferred: (details) => details.software !== true,
  },
  cpu: cpuLoader,
};

/** The parts of optional packages that are used here; they may not be installed, so no static types. */
interface NativePackage {
  registerNativeBackend(): void;
  nativeStatus(): {
    available: boolean;
    reason?: string;
    isa?: string;
    threads?: number;
    version?: string;
  };
}

interface TensorflowBackend {
  isGPUPackage?: boolean;
  isUsingGpuDevice?: boolean;
  binding?: { TF_Version?: string };
}

/**
 * Imports a package that need not be there: from beside this package, or else from the node_modules
 * of the folder that the environment variable GENESIS_PEERS names.
 */
async function importOptional<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    if (!isMissing(error, name)) throw doesNotLoad(name, error);
  }
  const folder = process.env.GENESIS_PEERS;
  const install = `(npm install ${name})`;
  if (!folder) throw new Error(`the package ${name} is not installed ${install}`);
  try {
    const path = createRequire(resolve(folder, 'package.json')).resolve(name);
    return (await import(pathToFileURL(path).href)) as T;
  } catch (error) {
    if (!isMissing(error, name)) throw doesNotLoad(name, error);
    throw new Error(
      `the package ${name} is installed neither beside @genesis/unet3d nor in GENESIS_PEERS=${folder} ${install}`,
    );
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: string; message: string };
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') && message.includes(`'${name}'`);
}

function doesNotLoad(name: string, error: unknown): Error {
  const [firstLine] = String((error as Error).message).split('\n');
  return new Error(`the package ${name} is installed but does not load: ${firstLine}`, {
    cause: error,
  });
}

async function loadNative(): Promise<EngineDetails> {
  const native = await importOptional<NativePackage>('@genesis/tfjs-backend-native');
  const status = native.nativeStatus();
  if (!status.available) throw new Error(status.reason ?? 'its addon is not built');
  native.registerNativeBackend();
  const { isa = 'unknown', threads = 1, version = 'unknown' } = status;
  return { isa, threads, version };
}

async function loadTensorflow(name: string): Promise<EngineDetails> {
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

async function loadWebgpu(): Promise<EngineDetails> {
  if (!('gpu' in navigatorObject())) {
    const dawn = await importOptional<{ create(flags: string[]): unknown; globals: object }>(
      'webgpu',
    );
    Object.assign(globalThis, dawn.globals);
    Object.defineProperty(navigatorObject(), 'gpu', { value: dawn.create([]), configurable: true });
  }
  const details = await describeAdapter();
  await importOptional('@tensorflow/tfjs-backend-webgpu');
  return { ...details, software: isSoftware(details) };
}

/** Node 20 has no global navigator. */
function navigatorObject(): object {
  const scope = globalThis as { navigator?: object };
  if (!scope.navigator) {
    Object.defineProperty(globalThis, 'navigator', {
      value: {},
      configurable: true,
      writable: true,
    });
  }
  return scope.navigator!;
}
