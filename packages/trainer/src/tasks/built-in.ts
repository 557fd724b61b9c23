import type { ClassificationEvaluation } from './classification/evaluation.js';
import {
  type ClassificationOpts,
  classificationOptions,
  classificationPresets,
} from './classification/options.js';
import type { TaskEntry } from './common/task.js';
import { type PretrainingOpts, pretrainOptions, pretrainOptionsFor } from './pretrain/options.js';
import type { SegmentationEvaluation } from './segmentation/evaluation.js';
import {
  type SegmentationOpts,
  segmentationOptions,
  segmentationPresets,
} from './segmentation/options.js';

/** The tasks that come with this package. No other file outside their folders knows them by name. */
export const builtInTasks: readonly TaskEntry[] = [
  {
    kind: 'pretrain',
    stage: 'pretrain',
    options: pretrainOptions,
    optionsFor: pretrainOptionsFor,
    load: async () => (await import('./pretrain/task.js')).pretraining,
  },
  {
    kind: 'segmentation',
    stage: 'finetune',
    options: segmentationOptions,
    presets: segmentationPresets,
    load: async () => (await import('./segmentation/task.js')).segmentation,
  },
  {
    kind: 'classification',
    stage: 'finetune',
    options: classificationOptions,
    presets: classificationPresets,
    load: async () => (await import('./classification/task.js')).classification,
  },
];

/** What the task of `pretrain` understands. */
export type BuiltInPretrainOpts = PretrainingOpts;

/** What the tasks of `finetune` understand, told apart by `task`. */
export type BuiltInFinetuneOpts = SegmentationOpts | ClassificationOpts;

/** What `evaluate` finds, told apart by `kind`. */
export type Evaluation = SegmentationEvaluation | ClassificationEvaluation;

export type { ClassificationEvaluation } from './classification/evaluation.js';
export type { ClassificationOpts } from './classification/options.js';
export type { DeformationOpts, PretrainingOpts } from './pretrain/options.js';
export type { ProxyOpts } from './pretrain/proxy-options.js';
export type { ClassStatistics } from './segmentation/class-statistics.js';
export type {
  ScoreName,
  SegmentationEvaluation,
  SegmentationScore,
} from './segmentation/evaluation.js';
export type { SegmentationOpts } from './segmentation/options.js';
export type { OverlapScore } from './segmentation/overlap-scores.js';
