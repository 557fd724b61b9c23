import type { Loss, Optimizer } from '@genesis/unet3d';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ScheduleOpts, ScheduleState } from './schedule.js';

/** Gradients by weight name. */
export type Gradients = Record<string, tf.Tensor>;

/** One training batch; the loop disposes both tensors. */
export interface TrainBatch {
  /** [n, x, y, z, channels] */
  readonly x: tf.Tensor;
  /** [n, x, y, z, channels] or [n, classes] */
  readonly y: tf.Tensor;
}

/** What a validation found. */
export interface Validation {
  /** What best checkpoint, early stopping and plateau go by: lower is better. */
  readonly monitored: number;
  /** For metrics and report; `loss` among them. */
  readonly values: Readonly<Record<string, number>>;
  /** Standard deviation of the network's output over that of the target, where a constant output is a failure. */
  readonly spread?: number;
}

/** What differs between pre-training, segmentation and classification. */
export interface TrainingTask {
  readonly model: LayersModel;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly loss: Loss;
  /**
   * The batches of an epoch from step `firstStep` on; a function of its arguments and the seed alone, so that a resumed
   * run sees the same data. Closing the iterator early must free what was prepared.
   */
  batches(epoch: number, firstStep: number): AsyncIterable<TrainBatch>;
  validate(): Promise<Validation>;
}

/** Position and memory of a run between two steps: plain data, saved in checkpoints. */
export interface LoopState {
  /** Epochs completed. */
  readonly epoch: number;
  /** Steps done in the epoch after those. */
  readonly stepInEpoch: number;
  /** Steps done in all. */
  readonly step: number;
  /** Sum of the losses of `stepInEpoch` steps. */
  readonly lossSum: number;
  readonly best: { readonly epoch: number; readonly value: number } | null;
  readonly sinceBest: number;
  /** Validations in a row that gave a constant output. */
  readonly flat: number;
  readonly schedule: ScheduleState;
  /** Seconds spent in the epochs so far. */
  readonly seconds: number;
}

/** Why training ended. */
export type StopReason = 'epochs' | 'early-stopping' | 'time' | 'interrupted';

export interface LoopOpts {
  readonly task: TrainingTask;
  readonly optimizer: Pick<Optimizer, 'learningRate' | 'step'>;
  readonly schedule: ScheduleOpts;
  readonly epochs: number;
  readonly patience: number;
  /** Seconds from the call after which to stop. */
  readonly maxSeconds?: number;
  /** Limit of the norm of all gradients together. */
  readonly clipNorm?: number;
  /** Aborted: finish the step and return with the reason 'interrupted'. */
  readonly signal?: AbortSignal;
  readonly hooks: LoopHooks;
  /**
   * Called between backward and update with this process's gradients, returns those to apply. Data-parallel training
   * averages over its replicas here. It takes ownership of what it is given and hands over what it returns.
   */
  readonly reduceGradients?: (gradients: Gradients) => Promise<Gradients>;
  /** Milliseconds, for speeds and limits. Default `performance.now`. */
  readonly now?: () => number;
}

/** What the loop tells as it goes. */
export interface LoopHooks {
  onStep(progress: StepProgress): void;
  /** After validation; `state` is the one that follows the epoch. Saves checkpoints. */
  onEpoch(result: EpochResult, state: LoopState): Promise<void>;
}

export interface StepProgress {
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly step: number;
  /** Loss of an earlier step: the newest that has been read back. */
  readonly loss: number;
  readonly samplesPerSecond: number;
}

export interface EpochResult {
  /** Counted from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly trainLoss: number;
  readonly learningRate: number;
  readonly validation: Validation;
  readonly isBest: boolean;
  /** Cut short by the time limit. */
  readonly partial: boolean;
  readonly samplesPerSecond: number;
  readonly seconds: number;
}

export interface LoopResult {
  readonly state: LoopState;
  readonly reason: StopReason;
}
