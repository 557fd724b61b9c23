import type { ReadonlyVec3 } from '@genesis/core';
import { z } from 'zod';
import {
  count,
  machineFields,
  networkFields,
  positive,
  preparationFields,
  rate,
  text,
  trainingFields,
  triple,
} from '../../config/fields.js';
import type {
  MachineOpts,
  NetworkOpts,
  PreparationOpts,
  TrainingOpts,
} from '../../config/options.js';
import type { AugmentChoice } from './augmentation/api.js';
import { augmentField } from './augmentation/augment-field.js';
import { type RecipeName, recipeNames } from './recipes.js';

/** Options of every task that learns from labels, from pre-trained weights or from none. */
export interface FinetuneTaskOpts extends TrainingOpts, NetworkOpts, PreparationOpts, MachineOpts {
  /** Folder of volumes, or one file. */
  readonly images: string;
  /** Folder of label volumes of the same names, or a CSV with the columns name and label. */
  readonly labels: string;
  /** Start from a run, a weight file (.safetensors, .pt, .h5), `zoo:NAME`, or 'none' (default). */
  readonly init?: string;
  /**
   * Bring kernels that are taken over to the size of fresh ones where a normalisation follows, which hides their size from the
   * output but not from the optimiser: as they come, they learn slower. Default true.
   */
  readonly rescale?: boolean;
  /** Sides of the network's input in voxels. Default: from the volumes, at most 131072 voxels. */
  readonly crop?: ReadonlyVec3;
  /** Default: of the task. */
  readonly loss?: 'dice' | 'diceCe' | 'crossEntropy';
  /**
   * How training samples are varied: 'none'; 'basic' (default): `flipAxes` and `intensityRate`; or augmentations of
   * `@genesis/transforms` by name, with options or without, made by `workers`. The presets take intensities as nnU-Net does:
   * best with `normalization: 'zscore'`.
   */
  readonly augment?: AugmentChoice;
  /** 'basic': axes along which training samples are mirrored at random. Default: none for segmentation, since it mixes left and right, else ['x']. */
  readonly flipAxes?: readonly ('x' | 'y' | 'z')[];
  /** 'basic': share of training samples with a random contrast, 0…1. Default 0.3; none with zscore. */
  readonly intensityRate?: number;
  /** Train only what is not in the encoder. Default false. */
  readonly freezeEncoder?: boolean;
  /** Values of options that belong together, each of which may be given otherwise; see RECIPES in the README. Default 'reference'. */
  readonly recipe?: RecipeName;
  /** What is taken over from `init`: the whole network (default), or its encoder alone. */
  readonly initParts?: 'all' | 'encoder';
  /** The encoder's learning rate as a factor on that of the rest. Default 1. */
  readonly encoderRate?: number;
  /** Each stage learns this many times as fast as the next one towards the output (Howard & Ruder, 2018: 1 / 2.6). Default: all alike. */
  readonly stageRate?: number;
  /** Epochs after which one stage more begins to learn, from the output to the input. Default: all learn from the start. */
  readonly unfreezeEvery?: number;
  /** Share of the steps, 0…1, in which the decoder alone learns, with a rate that rises and falls by itself. Default 0. */
  readonly decoderFirst?: number;
  /** How much each class counts in the cross-entropy, in the order of the network's outputs. Default: all the same. */
  readonly classWeights?: readonly number[];
}

/** What comes first in the options of a labelled task. */
export const labeledFields = {
  images: text.describe('folder of volumes'),
  labels: text.describe('folder of label volumes of the same names, or a CSV (name,label)'),
  recipe: z
    .enum(recipeNames)
    .default('reference')
    .describe(
      "options that belong together, each of which may be given otherwise: the reference's, nnU-Net's, or those for pre-trained weights",
    ),
  init: text
    .default('none')
    .describe('start from a run, a weight file (.safetensors, .pt, .h5), zoo:NAME, or none'),
  rescale: z
    .boolean()
    .default(true)
    .describe(
      'bring kernels that are taken over to the size of fresh ones where a normalisation follows, so that they learn as fast',
    ),
  ...trainingFields,
  crop: triple
    .optional()
    .describe('sides of the crops in voxels (default: from the volumes, at most 131072 voxels)'),
  batch: trainingFields.batch.default(4),
  epochs: trainingFields.epochs.default(200),
};

/** What comes last in them. */
export const finetuneFields = {
  loss: z
    .enum(['dice', 'diceCe', 'crossEntropy'])
    .optional()
    .describe('default: dice for segmentation, crossEntropy for classification'),
  augment: augmentField,
  flipAxes: z
    .array(z.enum(['x', 'y', 'z']))
    .optional()
    .describe(
      'basic: axes along which training samples are mirrored at random (default: none for segmentation, x for classification)',
    ),
  intensityRate: rate
    .optional()
    .describe('basic: share of training samples with a random contrast (default 0.3)'),
  initParts: z
    .enum(['all', 'encoder'])
    .default('all')
    .describe('what is taken over: the whole network, or its encoder alone'),
  freezeEncoder: z.boolean().default(false).describe('train only what is not in the encoder'),
  decoderFirst: rate
    .default(0)
    .describe(
      'share of the steps in which the decoder learns alone, with a rate that rises and falls',
    ),
  encoderRate: positive
    .optional()
    .describe("the encoder's learning rate as a factor on the others'"),
  stageRate: positive
    .optional()
    .describe('each stage learns this many times as fast as the next one towards the output'),
  unfreezeEvery: count
    .optional()
    .describe('epochs after which one stage more learns, from the output to the input'),
  classWeights: z
    .array(z.number().min(0))
    .optional()
    .describe('how much each class counts in the cross-entropy, background first'),
  ...networkFields,
  optimizer: trainingFields.optimizer
    .default('adam')
    .describe('adam, adamw, or sgd (momentum 0.9)'),
  schedule: trainingFields.schedule.default('plateau').describe('how the learning rate falls'),
  ...preparationFields,
  ...machineFields,
};
