import { z } from 'zod';
import { checkedSchema } from '../../config/checked-schema.js';
import { count, rate, text } from '../../config/fields.js';
import { checkBasicOptions } from '../common/augmentation/basic-options.js';
import { type DataOpts, dataFields } from '../common/data-fields.js';
import { type FinetuneTaskOpts, finetuneFields, labeledFields } from '../common/finetune-fields.js';
import { recipeDefaults } from '../common/recipes.js';

/** Options of fine-tuning for segmentation. */
export interface SegmentationOpts extends Omit<FinetuneTaskOpts, 'images' | 'labels'>, DataOpts {
  readonly task: 'segmentation';
  /** A dataset (folder, json or table), or the folder of its images. */
  readonly images: string;
  /** Folder of label volumes of the same names. Default: the dataset's own. */
  readonly labels?: string;
  /** Labels of `validationImages`. Default: those of their dataset. */
  readonly validationLabels?: string;
  /** Crops of each volume in an epoch. Default 1. */
  readonly cropsPerVolume?: number;
  /** Share of the crops that are centred on a labelled voxel, 0…1. Default 0.5. */
  readonly foreground?: number;
  /** Voxels with this label are not learnt from and not scored. Default: the dataset's, if it names one. */
  readonly ignoreLabel?: number;
  /** Compare outputs of coarser resolutions with the labels too while training. Default false. */
  readonly deepSupervision?: boolean;
}

export const segmentationOptions = checkedSchema<SegmentationOpts>()(
  z
    .strictObject({
      task: z.literal('segmentation'),
      ...labeledFields,
      images: text.describe('a dataset (folder, json, csv), or the folder of its images'),
      labels: text
        .optional()
        .describe(
          "folder of label volumes of the same names (default: the dataset's own), or a CSV (name,label)",
        ),
      ...dataFields,
      validationLabels: text
        .optional()
        .describe('labels of the images to validate with (default: of their dataset)'),
      cropsPerVolume: count.default(1).describe('crops of each volume in an epoch (segmentation)'),
      foreground: rate
        .default(0.5)
        .describe('share of the crops that are centred on a labelled voxel (segmentation)'),
      ignoreLabel: z
        .int()
        .optional()
        .describe('voxels with this label are not learnt from and not scored (segmentation)'),
      deepSupervision: z
        .boolean()
        .default(false)
        .describe('compare outputs of coarser resolutions with the labels too (segmentation)'),
      ...finetuneFields,
    })
    .superRefine(checkBasicOptions),
);

export type SegmentationConfig = z.output<typeof segmentationOptions>;

/** What its recipes say of options that are not given. */
export const segmentationPresets = (
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  recipeDefaults({ task: 'segmentation', ...given }, segmentationOptions.shape);
