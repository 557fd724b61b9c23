import * as tf from '@tensorflow/tfjs-core';
import type { EngineLoader } from './api.js';

/** The stock engine in JavaScript: everywhere, exact, slow. */
export const cpuLoader: EngineLoader = {
  backend: 'cpu',
  load: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    const backend = tf.findBackend('cpu') as { firstUse?: boolean } | null;
    // Otherwise its first use prints advice to install another engine, which was not chosen here.
    if (backend?.firstUse) backend.firstUse = false;
    return { note: 'plain JavaScript: for correctness, not for speed' };
  },
  preferred: () => true,
};
