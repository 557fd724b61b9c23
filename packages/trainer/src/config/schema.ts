import { type TaskName, taskNames } from '@genesis/transforms';
import { z } from 'zod';

const count = z.int().min(1);
const rate = z.number().min(0).max(1);
const text = z.string().min(1);
const positive = z.number().positive();

/** Sides in voxels along x, y, z. */
const triple = z.tuple([count, count, count]);

const range = z.tuple([rate, rate]);
const optional = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).optional();

/** The rates and bounds of the deformations; what is left out is the reference's value. */
const deformationsSchema = z.strictObject({
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
});

/** What `--engine` may be. */
export const engineNames = [
  'auto',
  'tensorflow-gpu',
  'tensorflow',
  'native',
  'webgpu',
  'cpu',
] as const;

const machine = {
  engine: z
    .enum(engineNames)
    .default('auto')
    .describe('what computes; an explicit choice is never replaced by another'),
  threads: count.optional().describe('threads of the engine (default: all cores)'),
  nonFinite: z
    .enum(['error', 'zero'])
    .default('error')
    .describe('what to do with a volume that holds NaN or infinities'),
};

const training = {
  out: text.describe('folder of the run'),
  batch: count.describe('samples in a training step'),
  epochs: count.describe('passes over the data, at most'),
  maxMinutes: positive.optional().describe('stop training after this many minutes'),
  patience: count.default(50).describe('stop after this many epochs without improvement'),
  optimizer: z.enum(['sgd', 'adam']),
  learningRate: positive.optional().describe('step size (default: 0.001 for adam, 0.5 for sgd)'),
  clipNorm: positive.optional().describe('limit of the norm of all gradients together'),
  schedule: z.enum(['constant', 'step', 'plateau', 'cosine']),
  scheduleFactor: rate.default(0.5).describe('step and plateau multiply the learning rate by it'),
  scheduleEpochs: count
    .optional()
    .describe('epochs between steps (default 40), or without improvement (plateau, default 6)'),
  validation: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('share of the volumes kept for validation, at least one'),
  cacheMb: positive.default(2048).describe('memory for decoded volumes, in MB'),
  workers: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'threads that deform crops; 0 does it between the steps; results do not depend on it',
    ),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .default(0)
    .describe('of weights, order, crops, deformations'),
  resume: z.boolean().default(false).describe('continue the run in --out exactly where it stopped'),
};

const network = {
  width: count.optional().describe('channels of the first level (default 32)'),
  levels: z.int().min(2).max(6).optional().describe('resolutions of the U-Net (default 4)'),
  activation: z.enum(['relu', 'leakyRelu', 'elu']).optional().describe('default relu'),
  norm: z
    .enum(['batch', 'batchRunning', 'instance', 'group'])
    .optional()
    .describe(
      "normalisation layers; batch: the batch's own statistics always, as the reference (default of pretrain); batchRunning: running statistics at inference (default of finetune)",
    ),
  upsampling: z
    .enum(['transposed', 'repeat'])
    .optional()
    .describe("transposed: the PyTorch reference's decoder (default); repeat: the Keras one's"),
};

const INTENSITIES =
  'intensities: ct = -1000…1000 HU to 0…1, mr = 0…4000 to 0…1, percentile = 0.5 %…99.5 % to 0…1';

const volumes = {
  orientation: z
    .union([z.literal('native'), z.string().regex(/^[RLAPSI]{3}$/, 'three letters such as RAS')])
    .default('RAS')
    .describe('axes that volumes are turned to when read, without resampling'),
  spacing: z
    .tuple([positive, positive, positive])
    .optional()
    .describe('resample volumes to this voxel size in mm (default: as they are)'),
  normalization: z
    .enum(['auto', 'ct', 'mr', 'percentile', 'zscore'])
    .default('auto')
    .describe(INTENSITIES),
};

/** Options of `pretrain`: the keys of a configuration file; flags are the same words in kebab-case. */
export const pretrainSchema = z.strictObject({
  data: text.describe('folder (or one file) of unlabelled volumes'),
  ...training,
  crop: triple.default([64, 64, 32]).describe('sides of the crops in voxels'),
  batch: training.batch.default(6),
  epochs: training.epochs.default(1000),
  cropsPerVolume: count.default(32).describe('crops of each volume in an epoch'),
  validationCrops: count.default(48).describe('crops in the fixed validation set'),
  cropRule: z
    .enum(['auto', 'reference', 'foreground', 'any'])
    .default('auto')
    .describe('how positions are chosen; auto: the reference rule for CT, foreground for the rest'),
  proxyTask: z
    .enum(taskNames as readonly [TaskName, ...TaskName[]])
    .default('genesis')
    .describe('what is restored from what'),
  deformations: deformationsSchema
    .default({})
    .describe("of the proxy task 'genesis': rates and bounds that differ from the reference's"),
  ...network,
  optimizer: training.optimizer.default('adam').describe('adam, or sgd (momentum 0.9)'),
  schedule: training.schedule.default('step').describe('how the learning rate falls'),
  ...volumes,
  normalization: z.enum(['auto', 'ct', 'mr', 'percentile']).default('auto').describe(INTENSITIES),
  ...machine,
});

/** Options of `finetune`. */
export const finetuneSchema = z.strictObject({
  task: z.enum(['segmentation', 'classification']),
  images: text.describe('folder of volumes'),
  labels: text.describe('folder of label volumes of the same names, or a CSV (name,label)'),
  init: text
    .default('none')
    .describe('start from a run, a weight file (.safetensors, .pt, .h5), zoo:NAME, or none'),
  ...training,
  crop: triple
    .optional()
    .describe('sides of the crops in voxels (default: from the volumes, at most 131072 voxels)'),
  batch: training.batch.default(4),
  epochs: training.epochs.default(200),
  cropsPerVolume: count.default(1).describe('crops of each volume in an epoch (segmentation)'),
  foreground: rate
    .default(0.5)
    .describe('share of the crops that are centred on a labelled voxel (segmentation)'),
  loss: z
    .enum(['dice', 'diceCe', 'crossEntropy'])
    .optional()
    .describe('default: dice for segmentation, crossEntropy for classification'),
  flipAxes: z
    .array(z.enum(['x', 'y', 'z']))
    .default(['x'])
    .describe('axes along which training samples are mirrored at random; none: an empty list'),
  intensityRate: rate.default(0.3).describe('share of training samples with a random contrast'),
  freezeEncoder: z.boolean().default(false).describe('train only what is not in the encoder'),
  fit: z
    .enum(['center', 'resize'])
    .default('center')
    .describe('classification: cut or pad volumes around their middle, or shrink them to the crop'),
  ...network,
  optimizer: training.optimizer.default('adam').describe('adam, or sgd (momentum 0.9)'),
  schedule: training.schedule.default('plateau').describe('how the learning rate falls'),
  ...volumes,
  ...machine,
});

export type PretrainConfigInput = z.input<typeof pretrainSchema>;
export type PretrainConfig = z.output<typeof pretrainSchema>;
export type FinetuneConfigInput = z.input<typeof finetuneSchema>;
export type FinetuneConfig = z.output<typeof finetuneSchema>;
