import { setNumThreads } from '@genesis/tfjs-backend-native';
import { type Engine, type EngineName, selectEngine } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';

export interface OpenEngineOpts {
  readonly engine: EngineName | 'auto';
  /** For the native engine. */
  readonly threads?: number | undefined;
}

/**
 * Makes an engine the current one.
 *
 * @throws EngineUnavailableError; TrainerError 'bad-argument' when `threads` is given to an engine that has no such setting.
 */
export async function openEngine(opts: OpenEngineOpts): Promise<Engine> {
  const engine = await selectEngine(opts.engine);
  if (opts.threads === undefined) return engine;
  if (engine.name !== 'native') {
    throw new TrainerError(
      'bad-argument',
      `--threads is for the native engine; the engine ${engine.name} decides for itself`,
    );
  }
  setNumThreads(opts.threads);
  return { ...engine, details: { ...engine.details, threads: opts.threads } };
}

/** 'native (avx512, 2 threads)' */
export function describeEngine(engine: Pick<Engine, 'name' | 'details'>): string {
  const details = describeDetails(engine.details);
  return details === '' ? engine.name : `${engine.name} (${details})`;
}

/** 'isa avx512, threads 2' */
export function describeDetails(details: Engine['details']): string {
  return Object.entries(details)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
