import type { ModelCard, ModelKind, Network } from '@genesis/inference';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { z } from 'zod';
import type { TrainingConfig } from '../../config/fields.js';
import { type ConfigSchema, withPresentNames } from '../../config/resolve-config.js';
import type { DatasetItem } from '../../data/dataset.js';
import type { LayoutName } from '../../data/layouts/api.js';
import type { LabelFormat } from '../../data/output-paths.js';
import type { TrainingPlan } from '../../training/api.js';
import type { RunContext } from '../../training/run-context.js';
import type { TrainingResult } from '../../training/train-run.js';
import type { FigureOpts } from './figures/api.js';

/** A trained network and what it is. */
export interface LoadedModel<C extends ModelCard = ModelCard> {
  readonly info: C;
  readonly model: LayersModel;
  /** The weight file. */
  readonly file: string;
}

/** One case of a prediction or an evaluation is done. */
export interface CaseProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** About how long the others will take, by those before; left out where it is not known. */
  readonly secondsLeft?: number;
  /** What was written for this case, if anything. */
  readonly path?: string;
}

/** What every task says about a predicted case; a task adds what it found. */
export interface CasePrediction {
  readonly name: string;
  /** Path of the volume. */
  readonly input: string;
}

/** What every evaluation has; a task adds its own figures. */
export interface TaskEvaluation {
  /** The task's. */
  readonly kind: string;
  /** Cases that the run was trained on or validated with: their scores say little. */
  readonly seenInTraining: readonly string[];
  readonly cases: readonly { readonly name: string }[];
}

/** What is applied to prepared crops. */
export interface AppliedModel<C extends ModelCard = ModelCard> extends LoadedModel<C> {
  /** The network, or the mean of several and of their mirror images. */
  readonly network: Network;
  /** The weight files of all. */
  readonly files: readonly string[];
}

/** What a task predicts from. */
export interface PredictRequest<C extends ModelCard = ModelCard> extends AppliedModel<C> {
  readonly items: readonly DatasetItem[];
  /** Where the items were found, for messages. */
  readonly images: string;
  /** File or folder to write. */
  readonly out: string;
  /** Segmentation: the folder for the probability of each class, and that for how unsure the network is. */
  readonly probabilities?: string;
  readonly entropy?: string;
  /** Segmentation: the extension of label volumes in a folder, such as 'nii.gz'. */
  readonly format?: LabelFormat;
  /** Segmentation: a table of the classes, `.csv` or `.json`; a folder for pictures; whether names of classes stand beside label volumes. */
  readonly statistics?: string;
  readonly preview?: string;
  readonly names?: boolean;
  /** Share of a window that its neighbour covers too, 0…0.95. */
  readonly overlap?: number;
  /** Replace what was predicted before. */
  readonly overwrite: boolean;
  /** Stop at a volume that cannot be used, instead of leaving it out. */
  readonly strict: boolean;
  readonly onCase?: (progress: CaseProgress) => void;
  readonly onWarning?: (text: string) => void;
}

/** What a task evaluates with. */
export interface EvaluateRequest<C extends ModelCard = ModelCard> extends AppliedModel<C> {
  /** A dataset, or the folder of its images. */
  readonly images: string;
  /** Folder of its labels, or a table. Left out: the dataset's own. */
  readonly labels?: string;
  /** How the dataset lies on disk; left out: as it looks. */
  readonly layout?: LayoutName | 'auto';
  /** Voxels with this label do not count. */
  readonly ignoreLabel?: number;
  /** Segmentation: what figures are taken of beside the classes, and how. */
  readonly figures?: FigureOpts;
  /** Share of a window that its neighbour covers too, 0…0.95. */
  readonly overlap?: number;
  /** Stop at a volume that cannot be used, instead of leaving it out. */
  readonly strict: boolean;
  readonly onCase?: (progress: CaseProgress) => void;
  readonly onWarning?: (text: string) => void;
  /** Names of the volumes that the run has seen. */
  readonly seen: ReadonlySet<string>;
}

/** A schema of options, those of every training (`trainingFields`, `machineFields`) among them. */
export type TaskSchema = ConfigSchema & z.ZodType<TrainingConfig>;

/**
 * A task: which options it has, what it trains on which data, and what becomes of the trained network. Everything that
 * sets it apart from other tasks stands here; commands, loop, run folders and report pages know none by name.
 */
export interface TaskDefinition<
  S extends TaskSchema,
  E extends TaskEvaluation,
  C extends ModelCard,
> {
  /** Its name: in `task` of the options, and in the weight files. */
  readonly kind: string;
  /** Which command trains it: `pretrain` from nothing, `finetune` from weights or from nothing. */
  readonly stage: 'pretrain' | 'finetune';
  /** Its options. */
  readonly options: S;
  /** The same where some depend on what others are; by the names that options have now. */
  optionsFor?(given: Readonly<Record<string, unknown>>): ConfigSchema & z.ZodType<z.output<S>>;
  /** Values of options that depend on what others are, for those that are not given; by the names that options have now. */
  presets?(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** Finds the data, decides what was left open, builds the network. */
  prepare(context: RunContext<z.output<S>>): Promise<TrainingPlan>;
  /** How cards of its kind are read and their networks built; left out where `@genesis/inference` knows the kind. */
  readonly model?: ModelKind<C>;
  /** Applies the network to volumes; left out where it has nothing to predict. */
  predict?(request: PredictRequest<C>): Promise<CasePrediction[]>;
  /** Compares predictions with what is known. */
  evaluate?(request: EvaluateRequest<C>): Promise<E>;
  /** One sentence about the best epoch, for the end of a run. */
  summarize(best: NonNullable<TrainingResult['best']>): string;
  /** An evaluation as text for a terminal. */
  tabulate?(evaluation: E): string;
  /** The figures of each case as a table for programs. */
  csv?(evaluation: E): string;
}

/** A task as commands use it. */
export interface Task extends TaskDefinition<TaskSchema, TaskEvaluation, ModelCard> {
  /** Gives the task itself; of one that is only known by its entry, it loads what needs the tensor library. */
  load(): Promise<Task>;
}

/** What must be known of a task before it is used: enough to read its options, and how to get the rest. */
export type TaskEntry = Pick<
  Task,
  'kind' | 'stage' | 'options' | 'optionsFor' | 'presets' | 'load'
>;

/** Makes a task of its definition. */
export function defineTask<S extends TaskSchema, E extends TaskEvaluation, C extends ModelCard>(
  definition: TaskDefinition<S, E, C>,
): TaskDefinition<S, E, C> & Task {
  const task: TaskDefinition<S, E, C> & Task = { ...definition, load: async () => task };
  return task;
}

/** The schema of a task's options for these options: given by flags or a call, and by a file. */
export function schemaFor(
  task: Pick<TaskEntry, 'options' | 'optionsFor'>,
  given: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>> = {},
): TaskSchema {
  const { options } = task;
  const all = { ...withPresentNames(options, file), ...withPresentNames(options, given) };
  return task.optionsFor?.(all) ?? options;
}

/** What a task says of options that are not given, neither by flags or a call nor by a file or the run that is resumed. */
export function presetsFor(
  task: Pick<TaskEntry, 'options' | 'presets'>,
  given: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const { options } = task;
  const all = { ...withPresentNames(options, file), ...withPresentNames(options, given) };
  return task.presets?.(all) ?? {};
}
