import type { ModelCard } from '@genesis/inference';
import type { AugmentationSpec } from '@genesis/transforms';
import type { OutputsLoss } from '@genesis/unet3d';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DataRecord } from '../data/identify.js';
import type { ReportData } from '../report/api.js';
import type { MetricsRecord } from '../run/metrics.js';
import type { SplitNames, TransferReport } from '../run/run-info.js';
import type { ScheduleState } from './schedule.js';

/** One training batch; the loop disposes its tensors. */
export interface TrainBatch {
  /** [n, x, y, z, channels] */
  readonly x: tf.Tensor;
  /** What the loss compares the network's outputs with, such as [n, x, y, z, channels] or [n, classes]. */
  readonly targets: readonly tf.Tensor[];
}

/** What a validation found. */
export interface Validation {
  /** What best checkpoint, early stopping and plateau go by unless the options say the score: lower is better. */
  readonly monitored: number;
  /** What the user reads, such as the mean Dice of the foreground: higher is better. Left out where there is no such figure. */
  readonly score?: number;
  /** For metrics and report; `loss` among them. */
  readonly values: Readonly<Record<string, number>>;
  /** Which of the values a line about the epoch tells beside the loss. Default: all. */
  readonly shown?: readonly string[];
  /** Standard deviation of the network's output over that of the target, where a constant output is a failure. */
  readonly spread?: number;
}

/** What the loop needs to know: a network, batches to train it on, and how well it does. */
export interface Trainable {
  readonly model: LayersModel;
  /** Steps of a pass over the data: the length of an epoch unless the options say another. */
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  /** Over all outputs of the network; `ofOneOutput` makes it of a loss over one. */
  readonly loss: OutputsLoss;
  /**
   * The batches of an epoch of `steps` steps from step `firstStep` on; each a function of the epoch, its place in it and the
   * seed alone, so that a resumed run sees the same data. Closing the iterator early must free what was prepared.
   */
  batches(epoch: number, firstStep: number, steps: number): AsyncIterable<TrainBatch>;
  validate(): Promise<Validation>;
}

/** What a task prepares for a run: everything that is trained, and what the run's files say about it. */
export interface TrainingPlan extends Trainable {
  /** Stands in every weight file of the run. */
  readonly info: ModelCard;
  /** Names of the volumes on each side of the split. */
  readonly split: SplitNames;
  /** The volumes that it is trained on and validated with. */
  readonly data?: readonly DataRecord[];
  /** What came over from other weights. */
  readonly transfer?: TransferReport;
  /** How its samples are varied; a resumed run finds it in `previous`. */
  readonly augmentation?: AugmentationSpec;
  /** What the report shows; the network holds the best weights during the call. */
  report(records: readonly MetricsRecord[]): Promise<ReportData>;
  /** Frees what the plan holds beside the network. */
  close?(): Promise<void>;
}

/** Position and memory of the loop between two steps: plain data, saved in checkpoints. */
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
  /** The exponential average of what the best epoch goes by. */
  readonly average?: number;
  readonly schedule: ScheduleState;
  /** Seconds spent in the epochs so far. */
  readonly seconds: number;
}

/** Why training ended. */
export type StopReason = 'epochs' | 'early-stopping' | 'time' | 'interrupted';

/** A step whose loss has been read back. */
export interface StepProgress {
  /** The epoch that it belongs to, from 0. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  /** Counted over the whole run, from 1. */
  readonly step: number;
  readonly loss: number;
  readonly samplesPerSecond: number;
}

/** An epoch with its validation. */
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
