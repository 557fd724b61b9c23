import { availableParallelism, cpus } from 'node:os';
import { setNumThreads } from '@genesis/tfjs-backend-native';
import { type Engine, type EngineName, selectEngine } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';

export interface OpenEngineOpts {
  readonly engine: EngineName | 'auto';
  /** For the native engine. */
  readonly threads?: number | undefined;
  /** Processes on this machine that share its processors, where `threads` is left out. Default 1. */
  readonly share?: number;
}

/**
 * Makes an engine the current one.
 *
 * @throws EngineUnavailableError; TrainerError 'bad-argument' when `threads` is given to an engine that has no such setting.
 */
export async function openEngine(opts: OpenEngineOpts): Promise<Engine> {
  const engine = await selectEngine(opts.engine);
  const threads = opts.threads ?? partOfThreads(engine, opts.share ?? 1);
  if (threads === undefined) return engine;
  if (engine.name !== 'native') {
    throw new TrainerError(
      'bad-argument',
      `--threads is for the native engine; the engine ${engine.name} decides for itself`,
    );
  }
  setNumThreads(threads);
  return { ...engine, details: { ...engine.details, threads } };
}

/**
 * This process's part of the processors; undefined where the engine takes that by itself: in a process alone, in one that its launcher
 * has bound to some processors, and in other engines.
 */
function partOfThreads(engine: Engine, share: number): number | undefined {
  const usable = availableParallelism();
  if (engine.name !== 'native' || share === 1 || usable < cpus().length) return undefined;
  return Math.max(1, Math.floor(usable / share));
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
