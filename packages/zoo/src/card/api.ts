/** What the `format` of a card says; another number is one that an older program cannot read. */
export const MODEL_PACKAGE_FORMAT = 'genesis-model-1';

/** The file of a model package that holds its card. */
export const CARD_FILE = 'model.json';

/** A set of scans that a model was trained on. */
export interface DataSource {
  readonly name: string;
  /** Its terms: an SPDX identifier where there is one, such as 'CC-BY-4.0'. */
  readonly license: string;
  /** Where it can be had. */
  readonly url: string;
  /** Volumes that were used. */
  readonly volumes: number;
  readonly patients?: number;
  /** Such as 'CT' or 'MR T1'. */
  readonly modality?: string;
  /** Who is to be named. */
  readonly citation?: string;
  /** Which part of it, what was done to it. */
  readonly note?: string;
}

/** What was measured with the model and without it. */
export interface Benefit {
  /** What was learnt or done, and on which data. */
  readonly task: string;
  /** Labelled cases that were trained with. */
  readonly labels?: number;
  /** Such as 'mean Dice'. */
  readonly metric: string;
  readonly without: number;
  readonly with: number;
  /** 95 % interval of the difference. */
  readonly interval?: readonly [number, number];
  readonly p?: number;
  /** Paired runs. */
  readonly seeds?: number;
  readonly verdict: 'helps' | 'no difference' | 'harms' | 'undecided';
  readonly note?: string;
}

/** What a person says of a model; the rest of its card comes out of the run. */
export interface ModelFacts {
  /** Small letters, digits and '-'. The package is called `@genesis/model-NAME`. */
  readonly name: string;
  /** Semantic version of the weights. */
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** Of the weights: an SPDX identifier where there is one. */
  readonly license: string;
  /** Such as ['CT']. */
  readonly modality: readonly string[];
  readonly data: readonly DataSource[];
  readonly benefits: readonly Benefit[];
  /** What it cannot do, where it was tried and did not help, what it was not tried on. */
  readonly limitations: readonly string[];
  readonly intendedUse: string;
  /** Who is to be named. */
  readonly citation: string;
}

/** How the weights can be made again. */
export interface ModelRecipe {
  /** The command with the task: 'pretrain' or 'finetune'. */
  readonly command: 'pretrain' | 'finetune';
  /** All options of the run but those of its place: paths and what the weights do not depend on. */
  readonly options: Readonly<Record<string, unknown>>;
  /** SHA-256 of the options as JSON with sorted keys. */
  readonly sha256: string;
}

/** A point of the training curve. */
export interface TrainingPoint {
  readonly epoch: number;
  readonly step: number;
  /** Mean loss of the epoch. */
  readonly training: number;
  readonly validation: number;
}

/** How the weights were made. */
export interface TrainingFacts {
  readonly epochs: number;
  readonly steps: number;
  readonly minutes: number;
  /** Volumes on each side of the split. */
  readonly volumes: { readonly train: number; readonly validation: number };
  /** The epoch whose weights these are, with the values of its validation. */
  readonly best: { readonly epoch: number; readonly values: Readonly<Record<string, number>> };
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Some points, at most 32. */
  readonly curve: readonly TrainingPoint[];
  /** Where the weights started, when not at random. */
  readonly start?: string;
}

/** A file of the package. */
export interface PackageFile {
  /** Inside the package, with '/'. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Pictures of one case side by side. */
export interface PictureRow {
  readonly title: string;
  readonly pictures: readonly { readonly name: string; readonly path: string }[];
}

/** The card of a published model: `model.json` of its package. */
export interface PublishedModel extends ModelFacts {
  readonly format: typeof MODEL_PACKAGE_FORMAT;
  readonly medicalDevice: false;
  /**
   * The model card that stands in the file of the weights, whole: kind, network, crop, preparation, classes. It is repeated so that it
   * can be seen without the weights; both are compared whenever a package is checked.
   */
  readonly model: Readonly<Record<string, unknown>>;
  /** How intensities of each channel reach the network, in words. */
  readonly intensities: readonly string[];
  readonly parameters: number;
  /** Of kernels; what is small, such as biases, is always float32. */
  readonly precision: 'float16' | 'float32';
  readonly recipe: ModelRecipe;
  readonly training: TrainingFacts;
  /** Of the weights, among `files`. */
  readonly weights: string;
  /** Of the training curve, among `files`. */
  readonly curve?: string;
  readonly pictures: readonly PictureRow[];
  /** All files but the card itself and what is made of it: README.md and package.json. */
  readonly files: readonly PackageFile[];
}
