import * as tf from '@tensorflow/tfjs-core';
import type { EngineLoader, EngineLoaders } from './api.js';
import { cpuLoader } from './cpu-loader.js';
import { describeAdapter } from './webgpu/adapter.js';

const onlyInNode = (backend: string): EngineLoader => ({
  backend,
  load: () => Promise.reject(new Error('it runs in Node only, not in a browser')),
  preferred: () => false,
});

/**
 * Loaders for browsers. WebGPU's back end is an optional package that a bundler could not leave
 * out, so the application imports it: `import '@tensorflow/tfjs-backend-webgpu'`.
 */
export const engineLoaders: EngineLoaders = {
  'tensorflow-gpu': onlyInNode('tensorflow'),
  tensorflow: onlyInNode('tensorflow'),
  native: onlyInNode('native'),
  webgpu: {
    backend: 'webgpu',
    load: async () => {
      if (tf.findBackendFactory('webgpu') == null) {
        throw new Error(
          "its back end is not loaded: import '@tensorflow/tfjs-backend-webgpu' first",
        );
      }
      return describeAdapter();
    },
    preferred: (details) => details.software !== true,
  },
  cpu: cpuLoader,
};
