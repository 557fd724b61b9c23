import type { EngineDetails, EngineLoaders } from './api.js';
import { cpuLoader } from './cpu-loader.js';
import { importOptional } from './import-optional.js';
import { loadNative } from './load-native.js';
import { loadTensorflow } from './load-tensorflow.js';
import { describeAdapter } from './webgpu/adapter.js';
import type { StockModule } from './webgpu/device/stock-backend.js';
import { type Dawn, hasGpu, provideGpu } from './webgpu/provide-gpu.js';
import { registerGpuBackend } from './webgpu/register.js';
import { rehearse } from './webgpu/rehearse.js';

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

async function loadWebgpu(): Promise<EngineDetails> {
  if (!hasGpu()) {
    const dawn = await importOptional<Dawn>('webgpu');
    const reason = await rehearse();
    if (reason !== undefined) throw new Error(reason);
    provideGpu(dawn);
  }
  const details = await describeAdapter();
  const stock = await importOptional<StockModule>('@tensorflow/tfjs-backend-webgpu');
  await registerGpuBackend(stock.WebGPUBackend);
  return details;
}
