import type { TrainingConfig } from '../config/fields.js';
import type { Replicas } from './replicas.js';

/** What the steps of a run read: options, other processes, the caller's wish to stop. */
export interface LoopContext {
  readonly config: Pick<
    TrainingConfig,
    | 'epochs'
    | 'maxMinutes'
    | 'optimizer'
    | 'learningRate'
    | 'clipNorm'
    | 'schedule'
    | 'scheduleFactor'
    | 'scheduleEpochs'
  >;
  readonly replicas: Replicas;
  readonly signal?: AbortSignal;
  /** Milliseconds, for speeds and limits. Default `performance.now`. */
  readonly now?: () => number;
}
