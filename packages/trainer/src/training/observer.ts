import type { NamedNdArrays, Optimizer, WeightAverage } from '@genesis/unet3d';
import type { RunLength } from '../run/run-info.js';
import type { EpochResult, LoopState, StepProgress, StopReason, Trainable } from './api.js';
import type { LoopContext } from './loop-context.js';
import type { ScheduleOpts } from './schedule.js';

/**
 * Watches a run and may keep a memory of its own. Everything that happens beside the steps themselves is an observer:
 * checkpoints, metrics, report, early stopping, the watch over the loss. All methods are called in the order in which
 * the observers stand, and awaited; what one throws ends the run.
 */
export interface TrainingObserver {
  /** Its key in checkpoints; unique in a run. */
  readonly name: string;
  /** A step's loss is known: one step after it was computed, so that the loop never waits for the engine. */
  onStep?(progress: StepProgress, session: TrainingSession): void | Promise<void>;
  /** The optimizer has just changed the weights; `step` counts over the whole run, from 1. */
  onUpdate?(step: number, session: TrainingSession): void | Promise<void>;
  /** An epoch was validated; `session.state` is the state that follows it. */
  onEpoch?(result: EpochResult, session: TrainingSession): void | Promise<void>;
  /** Training is over; not called when it failed. */
  onEnd?(reason: StopReason, session: TrainingSession): void | Promise<void>;
  /** Asked before every epoch, the first of a resumed run included: a reason ends the training. */
  stops?(): StopReason | undefined;
  /** What goes into the checkpoint. */
  state?(): ObserverState | Promise<ObserverState>;
  /**
   * Called once when a run is resumed, with what `state` returned; undefined when the checkpoint knows nothing of this
   * observer. `session.state` is the position from which the run goes on.
   */
  restore?(saved: ObserverState | undefined, session: TrainingSession): void | Promise<void>;
}

/** What an observer wants to find again after a resumption. */
export interface ObserverState {
  /** Plain data; numbers survive exactly. */
  readonly values?: unknown;
  /** Arrays, such as a second set of weights. */
  readonly tensors?: NamedNdArrays;
}

/** A training while it goes on. */
export interface TrainingSession {
  readonly context: LoopContext;
  readonly plan: Trainable;
  /** How long it is to be. */
  readonly length: Pick<RunLength, 'epochs' | 'stepsPerEpoch'>;
  /** When the time that `maxMinutes` limits began, in the milliseconds of `context.now`; undefined: with the loop. */
  readonly begunAt?: number;
  readonly optimizer: Optimizer;
  readonly schedule: ScheduleOpts;
  /** The average of the weights, where one is kept. */
  readonly average?: WeightAverage;
  readonly observers: readonly TrainingObserver[];
  /** Position and memory of the loop; replaced after each epoch. */
  readonly state: LoopState;
  /** Copies everything that the future depends on: starting from it continues exactly. */
  capture(): Promise<Snapshot>;
  /** Calls `use` while the network holds the weights that are validated and saved as the best: the average, where one is kept. */
  withEvaluatedWeights<T>(use: () => Promise<T>): Promise<T>;
  /** Frees what it holds beside the network. */
  dispose(): void;
  /** Goes to another position. The loop and a resumption call it, observers do not. */
  moveTo(state: LoopState): void;
}

/** Everything that the future of a run depends on, between two steps. */
export interface Snapshot {
  readonly weights: NamedNdArrays;
  readonly optimizer: NamedNdArrays;
  readonly state: LoopState;
  /** By name; observers without a memory are left out. */
  readonly observers: ReadonlyMap<string, ObserverState>;
}
