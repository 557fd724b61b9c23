import type { ReadonlyVec3 } from '@genesis/core';
import { type TaskName, type TaskOpts, taskNames } from '@genesis/transforms';
import { z } from 'zod';
import { checkedSchema } from '../../config/checked-schema.js';
import {
  count,
  machineFields,
  networkFields,
  preparationFields,
  rate,
  text,
  trainingFields,
  triple,
  unitNormalization,
} from '../../config/fields.js';
import type { NetworkOpts, PreparationOpts, TrainingOpts } from '../../config/options.js';

/** Options of pre-training. */
export interface PretrainingOpts
  extends TrainingOpts,
    NetworkOpts,
    Omit<PreparationOpts, 'normalization'> {
  /** Folder of unlabelled volumes, or one file. */
  readonly images: string;
  /** Sides of the crops in voxels. Default [64, 64, 32]. */
  readonly crop?: ReadonlyVec3;
  /** Crops of each volume in an epoch. Default 32. */
  readonly cropsPerVolume?: number;
  /** Crops in the fixed validation set. Default 48. */
  readonly validationCrops?: number;
  /** How positions are chosen. Default 'auto': the reference's rule for CT, 'foreground' for the rest. */
  readonly cropRule?: 'auto' | 'reference' | 'foreground' | 'any';
  /** What is restored from what. Default 'genesis'. */
  readonly proxyTask?: TaskName;
  /** Rates and bounds of the proxy task 'genesis' that differ from the reference's. */
  readonly deformations?: DeformationOpts;
  /** As in {@link PreparationOpts}, but into 0…1, as the deformations need it. */
  readonly normalization?: 'auto' | 'ct' | 'mr' | 'percentile';
}

/** The rates and bounds of the deformations; what is left out is the reference's value. */
export type DeformationOpts = z.input<typeof deformations>;

const range = z.tuple([rate, rate]);
const optional = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).optional();

const deformations = z.strictObject({
  flip: optional({ rate: rate.optional(), maxFlips: z.int().min(0).optional() }),
  localShuffling: optional({
    rate: rate.optional(),
    windows: z.int().min(0).optional(),
    maxFraction: rate.optional(),
  }),
  bezierIntensity: optional({ rate: rate.optional(), increasingRate: rate.optional() }),
  paintRate: rate.optional(),
  inPaintRate: rate.optional(),
  inPainting: optional({
    maxBoxes: count.optional(),
    boxRate: rate.optional(),
    sides: range.optional(),
  }),
  outPainting: optional({
    maxBoxes: count.optional(),
    boxRate: rate.optional(),
    sides: range.optional(),
  }),
}) satisfies z.ZodType<TaskOpts['genesis']>;

export const pretrainOptions = checkedSchema<PretrainingOpts>()(
  z.strictObject({
    images: text.describe('folder (or one file) of unlabelled volumes'),
    ...trainingFields,
    crop: triple.default([64, 64, 32]).describe('sides of the crops in voxels'),
    batch: trainingFields.batch.default(6),
    epochs: trainingFields.epochs.default(1000),
    cropsPerVolume: count.default(32).describe('crops of each volume in an epoch'),
    validationCrops: count.default(48).describe('crops in the fixed validation set'),
    cropRule: z
      .enum(['auto', 'reference', 'foreground', 'any'])
      .default('auto')
      .describe(
        'how positions are chosen; auto: the reference rule for CT, foreground for the rest',
      ),
    proxyTask: z
      .enum(taskNames as readonly [TaskName, ...TaskName[]])
      .default('genesis')
      .describe('what is restored from what'),
    deformations: deformations
      .default({})
      .describe("of the proxy task 'genesis': rates and bounds that differ from the reference's"),
    ...networkFields,
    optimizer: trainingFields.optimizer.default('adam').describe('adam, or sgd (momentum 0.9)'),
    schedule: trainingFields.schedule.default('step').describe('how the learning rate falls'),
    ...preparationFields,
    normalization: unitNormalization,
    ...machineFields,
  }),
);

export type PretrainConfig = z.output<typeof pretrainOptions>;
