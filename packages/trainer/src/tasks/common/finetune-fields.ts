import type { ReadonlyVec3 } from '@genesis/core';
import { z } from 'zod';
import {
  machineFields,
  networkFields,
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
}

/** What comes first in the options of a labelled task. */
export const labeledFields = {
  images: text.describe('folder of volumes'),
  labels: text.describe('folder of label volumes of the same names, or a CSV (name,label)'),
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
  freezeEncoder: z.boolean().default(false).describe('train only what is not in the encoder'),
  ...networkFields,
  optimizer: trainingFields.optimizer.default('adam').describe('adam, or sgd (momentum 0.9)'),
  schedule: trainingFields.schedule.default('plateau').describe('how the learning rate falls'),
  ...preparationFields,
  ...machineFields,
};
