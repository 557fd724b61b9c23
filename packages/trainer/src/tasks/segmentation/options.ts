import { z } from 'zod';
import { checkedSchema } from '../../config/checked-schema.js';
import { count, rate } from '../../config/fields.js';
import { type FinetuneTaskOpts, finetuneFields, labeledFields } from '../common/finetune-fields.js';

/** Options of fine-tuning for segmentation. */
export interface SegmentationOpts extends FinetuneTaskOpts {
  readonly task: 'segmentation';
  /** Crops of each volume in an epoch. Default 1. */
  readonly cropsPerVolume?: number;
  /** Share of the crops that are centred on a labelled voxel, 0…1. Default 0.5. */
  readonly foreground?: number;
  /** Voxels with this label are not learnt from and not scored. Default: none. */
  readonly ignoreLabel?: number;
}

export const segmentationOptions = checkedSchema<SegmentationOpts>()(
  z.strictObject({
    task: z.literal('segmentation'),
    ...labeledFields,
    cropsPerVolume: count.default(1).describe('crops of each volume in an epoch (segmentation)'),
    foreground: rate
      .default(0.5)
      .describe('share of the crops that are centred on a labelled voxel (segmentation)'),
    ignoreLabel: z
      .int()
      .optional()
      .describe('voxels with this label are not learnt from and not scored (segmentation)'),
    ...finetuneFields,
    // Left and right organs are labelled apart more often than alike.
    flipAxes: finetuneFields.flipAxes.default([]),
  }),
);

export type SegmentationConfig = z.output<typeof segmentationOptions>;
