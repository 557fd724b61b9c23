import * as tf from '@tensorflow/tfjs-core';
import { engineLoaders } from '#engine-loaders';
import { EngineUnavailableError } from '../errors.js';
import type { Engine, EngineName, EngineStatus } from './api.js';

/** The order in which `auto` tries, fastest first. */
export const ENGINE_ORDER: readonly EngineName[] = [
  'tensorflow-gpu',
  'native',
  'tensorflow',
  'webgpu',
  'cpu',
];

/**
 * Loads an engine and makes it TensorFlow.js's current back end. `auto` takes the first usable of
 * tensorflow-gpu (with a CUDA device), native, tensorflow, webgpu (with a hardware adapter), cpu. An
 * engine that is asked for by name is never replaced by another.
 * @throws EngineUnavailableError with the reason and what to do.
 */
export async function selectEngine(name: EngineName | 'auto' = 'auto'): Promise<Engine> {
  if (name !== 'auto') return use(name);
  for (const candidate of ENGINE_ORDER) {
    try {
      return await use(candidate, true);
    } catch (error) {
      if (!(error instanceof EngineUnavailableError)) throw error;
    }
  }
  throw new EngineUnavailableError('auto', 'no engine is usable here, not even cpu');
}

/** The state of every engine on this machine. Loads each; leaves the current back end as it was. */
export async function probeEngines(): Promise<EngineStatus[]> {
  const current = tf.getBackend();
  const found: EngineStatus[] = [];
  for (const name of ENGINE_ORDER) {
    try {
      const { details } = await use(name);
      found.push({ name, usable: true, details });
    } catch (error) {
      if (!(error instanceof EngineUnavailableError)) throw error;
      found.push({ name, usable: false, reason: error.reason, details: {} });
    }
  }
  if (current) await tf.setBackend(current);
  return found;
}

async function use(name: EngineName, onlyPreferred = false): Promise<Engine> {
  const loader = engineLoaders[name];
  if (!loader) {
    throw new EngineUnavailableError(
      name,
      `no such engine; there are auto, ${ENGINE_ORDER.join(', ')}`,
    );
  }
  let details: Engine['details'];
  try {
    details = await loader.load();
  } catch (error) {
    throw new EngineUnavailableError(name, (error as Error).message, { cause: error });
  }
  if (onlyPreferred && !loader.preferred(details)) {
    throw new EngineUnavailableError(name, 'it would run on a software adapter');
  }
  const previous = tf.getBackend();
  const failure = await tf.setBackend(loader.backend).then(
    (started) => (started ? null : 'its back end failed to start'),
    (error: Error) => error.message,
  );
  if (failure !== null) {
    // tfjs keeps the name of a back end that failed to start as the current one.
    if (previous) await tf.setBackend(previous);
    throw new EngineUnavailableError(name, failure);
  }
  return { name, backend: loader.backend, details };
}
