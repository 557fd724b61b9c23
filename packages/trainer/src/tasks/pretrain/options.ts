import type { ReadonlyVec3 } from '@genesis/core';
import { type TaskName, taskNames } from '@genesis/transforms';
import { z } from 'zod';
import { checkedSchema } from '../../config/checked-schema.js';
import {
  count,
  machineFields,
  networkFields,
  preparationFields,
  text,
  trainingFields,
  triple,
  unitNormalization,
} from '../../config/fields.js';
import type { NetworkOpts, PreparationOpts, TrainingOpts } from '../../config/options.js';
import type { ConfigSchema } from '../../config/resolve-config.js';
import { type DataOpts, dataFields } from '../common/data-fields.js';
import { type ProxyOpts, proxySchemas } from './proxy-options.js';

/** Options of pre-training. */
export interface PretrainingOpts
  extends TrainingOpts,
    NetworkOpts,
    Omit<PreparationOpts, 'normalization'>,
    DataOpts {
  /** Folder of unlabelled volumes, one file, or a dataset (folder, json or table). */
  readonly images: string;
  /** Sides of the crops in voxels. Default [64, 64, 32]. */
  readonly crop?: ReadonlyVec3;
  /** Crops of each volume in an epoch. Default 32. */
  readonly cropsPerVolume?: number;
  /** Crops in the fixed validation set. Default 48. */
  readonly validationCrops?: number;
  /** How positions are chosen. Default 'auto': the reference's rule for CT, 'foreground' for the rest. */
  readonly cropRule?: 'auto' | 'reference' | 'foreground' | 'any';
  /**
   * What is learnt without labels. 'rotation', 'jigsaw' and 'rubiks-cube': what was done to a crop, by a head over the encoder
   * (no decoder is trained); the others: to restore the crop. Default 'genesis', the deformations of Models Genesis.
   */
  readonly proxyTask?: TaskName;
  /** The proxy task's own options where they differ from its defaults; see `@genesis/transforms`. */
  readonly proxyOptions?: ProxyOpts[TaskName];
  /**
   * Take the error of the hidden voxels only, where the proxy task tells which they are ('masked-autoencoding', 'in-painting').
   * Default false: of all voxels.
   */
  readonly maskedLoss?: boolean;
  /**
   * Weight of telling where in the body each voxel lies, beside restoring it: a factor on the mean square of the distance, where the body
   * is 2 long along each axis. Default 0: not asked. Without mirroring only: with 'genesis', `proxyOptions: { flip: { rate: 0 } }`.
   */
  readonly places?: number;
  /**
   * Number of regions, at most 254, of which the network tells each voxel beside restoring it: clusters of place and intensity, found in
   * the training volumes without anybody's labels. Default 0: not asked. Without mirroring only, as `places`.
   */
  readonly regions?: number;
  /** What the cross-entropy of the regions counts beside the error of restoring. Default 0.1. */
  readonly regionsWeight?: number;
  /**
   * Whether the decoder is given what the encoder had at each resolution. Default true. Without, a network cannot copy, and its
   * encoder learns more; the encoder alone is then taken over.
   */
  readonly skips?: boolean;
  /** As in {@link PreparationOpts}, but into 0…1, as the proxy tasks need it. */
  readonly normalization?: 'auto' | 'ct' | 'mr' | 'percentile';
}

/** Rates and bounds of the deformations of Models Genesis; what is left out is the reference's value. */
export type DeformationOpts = ProxyOpts['genesis'];

const schema = z.strictObject({
  images: text.describe('folder (or one file) of unlabelled volumes, or a dataset'),
  ...dataFields,
  ...trainingFields,
  crop: triple.default([64, 64, 32]).describe('sides of the crops in voxels'),
  batch: trainingFields.batch.default(6),
  epochs: trainingFields.epochs.default(1000),
  cropsPerVolume: count.default(32).describe('crops of each volume in an epoch'),
  validationCrops: count.default(48).describe('crops in the fixed validation set'),
  cropRule: z
    .enum(['auto', 'reference', 'foreground', 'any'])
    .default('auto')
    .describe('how positions are chosen; auto: the reference rule for CT, foreground for the rest'),
  proxyTask: z
    .enum(taskNames as readonly [TaskName, ...TaskName[]])
    .default('genesis')
    .describe(
      'what is learnt: to restore crops, or (rotation, jigsaw, rubiks-cube) to tell what was done to them',
    ),
  proxyOptions: z
    .custom<ProxyOpts[TaskName]>((value) => typeof value === 'object' && value !== null)
    .default({})
    .describe("the proxy task's own options that differ from its defaults"),
  maskedLoss: z
    .boolean()
    .default(false)
    .describe('score only hidden voxels (masked-autoencoding, in-painting)'),
  places: z
    .number()
    .min(0)
    .default(0)
    .describe('weight of telling where in the body each voxel lies, beside restoring it'),
  regions: z
    .int()
    .min(0)
    .max(254)
    .default(0)
    .describe(
      'number of regions, found as clusters of place and intensity, of which the network tells each voxel, beside restoring it',
    ),
  regionsWeight: z.number().gt(0).default(0.1).describe('what telling the region counts'),
  ...networkFields,
  skips: z
    .boolean()
    .default(true)
    .describe(
      'give the decoder what the encoder had at each resolution (without, the encoder learns more, and it alone is taken over)',
    ),
  optimizer: trainingFields.optimizer
    .default('adam')
    .describe('adam, adamw, or sgd (momentum 0.9)'),
  schedule: trainingFields.schedule.default('step').describe('how the learning rate falls'),
  ...preparationFields,
  normalization: unitNormalization,
  ...machineFields,
});

/** The options of pre-training, those of the proxy task not looked into. */
export const pretrainOptions = checkedSchema<PretrainingOpts>()(schema);

export type PretrainConfig = z.output<typeof schema>;

/** The same with the options of the proxy task that `given` names, so that wrong ones are told. */
export function pretrainOptionsFor(
  given: Readonly<Record<string, unknown>>,
): ConfigSchema & z.ZodType<PretrainConfig> {
  const name = taskNames.find((one) => one === (given.proxyTask ?? 'genesis'));
  if (name === undefined) return schema;
  const own: z.ZodType<ProxyOpts[TaskName]> = proxySchemas[name];
  return schema.extend({ proxyOptions: own.default({}) });
}
