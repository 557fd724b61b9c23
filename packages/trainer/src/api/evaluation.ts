import type { EngineName } from '@genesis/unet3d';
import type { OverlapScore } from '../tasks/segmentation/overlap-scores.js';

export interface EvaluateOpts {
  /** Folder of a fine-tuned run, or a weight file out of one. */
  readonly model: string;
  readonly images: string;
  /** Folder of label volumes, or a CSV for classification. */
  readonly labels: string;
  /** Share of a window that its neighbour covers too, 0…0.95. Default 0.5. */
  readonly overlap?: number;
  readonly engine?: EngineName | 'auto';
  readonly threads?: number;
  readonly onCase?: (progress: { name: string; done: number; total: number }) => void;
}

/** Mean and standard deviation (of the sample, n − 1) over the cases that have a value. */
export interface Summary {
  readonly mean: number;
  readonly sd: number;
  readonly cases: number;
}

export type ScoreName = 'dice' | 'iou' | 'meanIou';

export interface SegmentationEvaluation {
  readonly kind: 'segmentation';
  /** Cases that the run was trained on or validated with: their scores say little. */
  readonly seenInTraining: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly scores: Readonly<Record<string, OverlapScore>>;
  }[];
  /** By class, background left out. */
  readonly classes: Readonly<Record<string, Readonly<Record<ScoreName, Summary>>>>;
  /** Over cases: each case's mean over its classes. */
  readonly foreground: Readonly<Record<ScoreName, Summary>>;
}

export interface ClassificationEvaluation {
  readonly kind: 'classification';
  readonly seenInTraining: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly truth: string;
    readonly prediction: string;
    readonly probabilities: Readonly<Record<string, number>>;
  }[];
  readonly accuracy: number;
  /** Area under the ROC curve; of each class against the rest, averaged, when there are more than two. */
  readonly auc?: number;
}

export type Evaluation = SegmentationEvaluation | ClassificationEvaluation;
