import type { TrainingConfig } from '../config/fields.js';
import type { Replicas } from './replicas/replicas.js';

/** Options that every training has and that the steps depend on. */
export type StepConfig = Pick<
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

/** Those of them that may be left out. */
export type OptionalStepConfig = Partial<
  Pick<
    TrainingConfig,
    | 'stepsPerEpoch'
    | 'lrFind'
    | 'momentum'
    | 'nesterov'
    | 'beta2'
    | 'weightDecay'
    | 'accumulate'
    | 'averageWeights'
    | 'bestBy'
    | 'bestAverage'
    | 'warmUp'
    | 'schedulePower'
  >
>;

/** Options of tasks that start from other weights: which part of the network learns when, and how fast. */
export interface PartsConfig {
  /** The encoder does not learn. */
  readonly freezeEncoder?: boolean;
  /** Factor on the learning rate of the encoder. */
  readonly encoderRate?: number;
  /** Each stage learns this many times as fast as the next one towards the output. */
  readonly stageRate?: number;
  /** Epochs between two stages that begin to learn, from the output to the input. */
  readonly unfreezeEvery?: number;
  /** Share of the steps in which the decoder alone learns, with a rate that rises and falls by itself. */
  readonly decoderFirst?: number;
}

/** What the steps of a run read: options, other processes, the caller's wish to stop. */
export interface LoopContext {
  readonly config: StepConfig & OptionalStepConfig & PartsConfig;
  readonly replicas: Replicas;
  readonly signal?: AbortSignal;
  /** Milliseconds, for speeds and limits. Default `performance.now`. */
  readonly now?: () => number;
}
