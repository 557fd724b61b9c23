import type { LayoutName } from '../data/layouts/api.js';

/** Labelled data of an experiment. */
export interface ComparedData {
  /** A dataset, or the folder of its images. */
  readonly images: string;
  /** Folder of label volumes. Default: the dataset's own. */
  readonly labels?: string;
  /** Default 'auto'. */
  readonly layout?: LayoutName | 'auto';
}

/** What the arms are compared on. */
export interface ComparedTask extends ComparedData {
  /** Cases that no arm trains on: another dataset, names of cases, or a share of them (0…1) that is drawn once. */
  readonly test: ComparedData | readonly string[] | number;
  /** Options of `finetune` for this task. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Named in the report. */
  readonly license?: string;
}

/** A way to train: where the weights come from, and how they are trained on. */
export interface Arm {
  /** A run folder, a weight file, 'none', or what else `finetune` takes. Default 'none'. */
  readonly init?: string;
  /** The name of a pre-training of this experiment, instead of `init`. */
  readonly pretraining?: string;
  /** Options of `finetune` for this arm; they win over those of the task. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The one comparison that the verdict is about; declared before anything runs. */
export interface PrimaryContrast {
  readonly arm: string;
  readonly against: string;
  readonly task: string;
  readonly labels: number;
}

/** A declared experiment. */
export interface Experiment {
  readonly name: string;
  readonly tasks: Readonly<Record<string, ComparedTask>>;
  /** Numbers of labelled cases to train on. */
  readonly labels: readonly number[];
  /** Cases more, the same for all arms of a seed, to choose the best weights with. */
  readonly validationCases: number;
  readonly seeds: readonly number[];
  readonly arms: Readonly<Record<string, Arm>>;
  /**
   * Options of `pretrain`, by name; each runs once. `images` may be a list of folders or datasets; cases that a task is tested on
   * are left out.
   */
  readonly pretraining: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Options of `finetune` for all runs. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly primary: PrimaryContrast;
  /** Difference of the mean score below which nobody would care. */
  readonly smallestEffect: number;
}

/** One run of an experiment, pre-training or fine-tuning; plain data. */
export type PlannedRun =
  | {
      readonly kind: 'pretrain';
      readonly id: string;
      readonly name: string;
      readonly options: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'finetune';
      readonly id: string;
      readonly task: string;
      readonly labels: number;
      readonly seed: number;
      readonly arm: string;
      /** The run that must have ended before. */
      readonly after?: string;
      readonly options: Readonly<Record<string, unknown>>;
    };

/** What is known of a run once it has ended; one line of results.jsonl. */
export interface RunRecord {
  readonly id: string;
  readonly kind: 'pretrain' | 'finetune';
  /** Of the options, without paths. */
  readonly recipe: string;
  /** Training time in seconds. */
  readonly seconds: number;
  readonly steps: number;
  readonly version: string;
  readonly engine: string;
}

/** Of a fine-tuning. */
export interface FinetuneRecord extends RunRecord {
  readonly kind: 'finetune';
  readonly task: string;
  readonly labels: number;
  readonly seed: number;
  readonly arm: string;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** Scores of each test case, by class; null where a score does not exist, such as the Dice of what neither has. */
  readonly cases: readonly {
    readonly name: string;
    readonly scores: Readonly<Record<string, number | null>>;
  }[];
  /** The validation's score over the steps. */
  readonly curve: readonly { readonly step: number; readonly value: number }[];
}
