import { z } from 'zod';

/** Pieces of schemas. */
export const count = z.int().min(1);
export const rate = z.number().min(0).max(1);
export const text = z.string().min(1);
export const positive = z.number().positive();

/** Sides in voxels along x, y, z. */
export const triple = z.tuple([count, count, count]);

/** What `--engine` may be. */
export const engineNames = [
  'auto',
  'tensorflow-gpu',
  'tensorflow',
  'native',
  'webgpu',
  'cpu',
] as const;

/** Which machine part computes. */
export const machineFields = {
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

/** At least 0. */
const amount = z.number().min(0);

/** How a run goes on; a task gives `batch`, `epochs`, `optimizer` and `schedule` its own defaults. */
export const trainingFields = {
  out: text.describe('folder of the run'),
  batch: count.describe('samples in a training step'),
  epochs: count.describe('epochs, at most'),
  stepsPerEpoch: count
    .optional()
    .describe(
      'steps in an epoch (default: a pass over the data; where --max-minutes plans the run, about 50 epochs)',
    ),
  maxMinutes: positive
    .optional()
    .describe(
      'stop training after this many minutes; poly, cosine and a warm-up are planned to end by then',
    ),
  patience: z
    .int()
    .min(0)
    .default(50)
    .describe('stop after this many epochs without improvement; 0: never'),
  optimizer: z.enum(['sgd', 'adam', 'adamw']),
  learningRate: positive.optional().describe('step size (default: 0.001 for adam, 0.5 for sgd)'),
  lrFind: z
    .boolean()
    .default(false)
    .describe(
      'try rates from small to large first, and take a tenth of the one with the least loss',
    ),
  momentum: rate.optional().describe('of sgd (default: 0.9)'),
  nesterov: z.boolean().default(false).describe("Nesterov's momentum, for sgd"),
  beta2: rate.optional().describe('of adam: share of old squares that is kept (default: 0.999)'),
  weightDecay: amount
    .optional()
    .describe('pulls weights towards zero (default: none; 0.01 for adamw)'),
  clipNorm: positive.optional().describe('limit of the norm of all gradients together'),
  accumulate: count
    .default(1)
    .describe(
      'parts that a batch is worked through in, for less memory; the batch must be divisible',
    ),
  averageWeights: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      'validate and save an exponential average of the weights that keeps this share, such as 0.999',
    ),
  bestBy: z
    .enum(['loss', 'score', 'last'])
    .default('loss')
    .describe(
      'what the best epoch, patience and plateau go by: the validation loss, or its score, such as Dice; last: the newest epoch always is the best, so that nothing is chosen by the validation',
    ),
  bestAverage: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('by its exponential average over the epochs, which keeps this share, such as 0.9'),
  schedule: z.enum(['constant', 'step', 'plateau', 'cosine', 'poly']),
  warmUp: rate
    .default(0)
    .describe('share of the steps in which the learning rate rises to its value'),
  schedulePower: positive.default(0.9).describe('exponent of poly, which falls with every step'),
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
      'threads that deform or augment crops; 0 does it between the steps; results do not depend on it',
    ),
  tensorboard: z
    .boolean()
    .default(false)
    .describe("write event files for TensorBoard into the run's folder 'tensorboard'"),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .default(0)
    .describe('of weights, order, crops, deformations'),
  resume: z
    .boolean()
    .default(false)
    .describe('continue the run in --out exactly where it stopped; its other options are known'),
  moved: z
    .boolean()
    .default(false)
    .describe(
      'resume with data that lie elsewhere now; volumes are known by name, size and header',
    ),
  strict: z
    .boolean()
    .default(false)
    .describe('stop at a volume that cannot be used, instead of leaving it out'),
  syncNorm: z
    .boolean()
    .default(false)
    .describe('with mpirun: batch normalisation over the samples of all processes'),
  reduceAs: z
    .enum(['float32', 'float16'])
    .default('float32')
    .describe('with mpirun: how gradients travel; float16 needs half the bandwidth'),
  bucketMb: positive.default(4).describe('with mpirun: megabytes of gradients sent together'),
};

/** The shape of the network. */
export const networkFields = {
  width: count.optional().describe('channels of the first level (default 32)'),
  architecture: z
    .enum(['unet', 'residual'])
    .optional()
    .describe("unet (default), or residual: nnU-Net's residual encoder"),
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

/** What happens to volumes before the network sees them. */
export const preparationFields = {
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

/** For networks whose output is in 0…1, and so must be their input's values. */
export const unitNormalization = z
  .enum(['auto', 'ct', 'mr', 'percentile'])
  .default('auto')
  .describe(INTENSITIES);

/** The options that every training has, defaults filled in. */
export type TrainingConfig = z.output<
  z.ZodObject<typeof trainingFields & Omit<typeof machineFields, 'nonFinite'>>
>;
