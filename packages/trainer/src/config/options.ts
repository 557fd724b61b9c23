import type { ReadonlyVec3 } from '@genesis/core';
import type { EngineName } from '@genesis/unet3d';

/** What computes. */
export interface MachineOpts {
  /** What computes; 'auto' (default) takes the fastest that this machine has, an explicit choice is never replaced. */
  readonly engine?: EngineName | 'auto';
  /** Threads of the native engine. Default: all cores. */
  readonly threads?: number;
}

/** How a run goes on: the options that every training has. */
export interface TrainingOpts extends MachineOpts {
  /** Folder of the run: made by it, or continued with `resume`. */
  readonly out: string;
  /** Samples in a training step. */
  readonly batch?: number;
  /** Epochs, at most. */
  readonly epochs?: number;
  /** Steps in an epoch. Default: a pass over the data; where `maxMinutes` plans the run, as many as make about 50 epochs. */
  readonly stepsPerEpoch?: number;
  /**
   * Stop training after this many minutes. What depends on the length of the run ('poly', 'cosine', a warm-up) is planned to end
   * by then: the time of a step is measured first, the number of steps stands in run.json and holds when the run is resumed.
   */
  readonly maxMinutes?: number;
  /** Stop after this many epochs without improvement; 0: never. Default 50. */
  readonly patience?: number;
  /** Default 'adam'. */
  readonly optimizer?: 'sgd' | 'adam' | 'adamw';
  /** Step size. Default 0.001 for Adam, 0.5 for SGD. */
  readonly learningRate?: number;
  /**
   * Try rates from small to large on a few batches first and take a tenth of the one with the least loss; it stands in
   * run.json. Default false.
   */
  readonly lrFind?: boolean;
  /** Of SGD, 0…1. Default 0.9. */
  readonly momentum?: number;
  /** Nesterov's momentum, for SGD. Default false. */
  readonly nesterov?: boolean;
  /** Of Adam: share of the old squares that is kept, 0…1. Default 0.999. */
  readonly beta2?: number;
  /** Pulls weights towards zero. Default 0; 0.01 for 'adamw', where it is decoupled from the gradient. */
  readonly weightDecay?: number;
  /** Limit of the norm of all gradients together. Default: none. */
  readonly clipNorm?: number;
  /** Parts that a batch is worked through in, so that it needs less memory; the batch must be divisible. Default 1. */
  readonly accumulate?: number;
  /** Validate and save an exponential average of the weights over the steps that keeps this share, in [0, 1). Default: none. */
  readonly averageWeights?: number;
  /**
   * What best epoch, patience and plateau go by: the validation's loss (default), or its score, such as the mean Dice. 'last': the
   * newest epoch always is the best, so that nothing is chosen by the validation.
   */
  readonly bestBy?: 'loss' | 'score' | 'last';
  /** By its exponential average over the epochs, which keeps this share, in [0, 1). Default 0: as it is. */
  readonly bestAverage?: number;
  /** How the learning rate falls. */
  readonly schedule?: 'constant' | 'step' | 'plateau' | 'cosine' | 'poly';
  /** Share of the steps in which the learning rate rises to its value, 0…1. Default 0. */
  readonly warmUp?: number;
  /** Exponent of 'poly', which falls with every step and not with every epoch. Default 0.9. */
  readonly schedulePower?: number;
  /** The schedules 'step' and 'plateau' multiply the learning rate by it. Default 0.5. */
  readonly scheduleFactor?: number;
  /** Epochs between two steps (default 40), or without improvement ('plateau', default 6). */
  readonly scheduleEpochs?: number;
  /** Share of the volumes that is kept for validation, in (0, 1), at least one volume. Default 0.2. */
  readonly validation?: number;
  /** Memory for decoded volumes, in MB. Default 2048. */
  readonly cacheMb?: number;
  /** Threads that deform or augment crops; 0 (default) does it between the steps. Results do not depend on it. */
  readonly workers?: number;
  /**
   * Write event files for TensorBoard into the run's folder `tensorboard`: losses, validation, rate, histograms of the weights, the
   * report's samples. Default false.
   */
  readonly tensorboard?: boolean;
  /** Of weights, order, crops and deformations: an integer from 0 to 2³² − 1. Default 0. */
  readonly seed?: number;
  /** Continue the run in `out` exactly where it stopped; options that are given must be the run's. Default false. */
  readonly resume?: boolean;
  /** Resume with data that lie elsewhere now: volumes are known by name, size and header. Default false. */
  readonly moved?: boolean;
  /** Stop at a volume that cannot be used, instead of leaving it out with a warning. Default false. */
  readonly strict?: boolean;
  /**
   * Where several processes train together: batch normalisation takes its statistics over the samples of all, as one process
   * would. Default false: over those of its own process.
   */
  readonly syncNorm?: boolean;
  /** How gradients travel between processes: as they are (default), or as halves with error feedback. */
  readonly reduceAs?: 'float32' | 'float16';
  /** Megabytes of gradients that processes send together. Default 4. */
  readonly bucketMb?: number;
}

/** The shape of the network. */
export interface NetworkOpts {
  /** Channels of the first level; each level has twice as many as the one above. Default 32. */
  readonly width?: number;
  /** 'unet' (default), or 'residual', nnU-Net's U-Net with a residual encoder. */
  readonly architecture?: 'unet' | 'residual';
  /** Resolutions of the U-Net, 2…6. Default 4. */
  readonly levels?: number;
  /** Default 'relu'. */
  readonly activation?: 'relu' | 'leakyRelu' | 'elu';
  /**
   * Normalisation layers. 'batch': the batch's own statistics always, as the reference (default of pre-training);
   * 'batchRunning': running statistics at inference (default of fine-tuning).
   */
  readonly norm?: 'batch' | 'batchRunning' | 'instance' | 'group';
  /** 'transposed' (default) is the decoder of the PyTorch reference, 'repeat' that of the Keras one. */
  readonly upsampling?: 'transposed' | 'repeat';
}

/** What happens to volumes before the network sees them; it is saved with the weights. */
export interface PreparationOpts {
  /** Axes that volumes are turned to when read, without resampling: three letters such as 'RAS' (default), or 'native'. */
  readonly orientation?: string;
  /** Resample volumes to this voxel size in mm. Default: as they are. */
  readonly spacing?: ReadonlyVec3;
  /**
   * How intensities are brought to a common scale: 'ct' −1000…1000 HU to 0…1, 'mr' 0…4000 to 0…1, 'percentile' 0.5 %…99.5 %
   * to 0…1, 'zscore' mean 0 and standard deviation 1. Default 'auto': 'ct' or 'percentile', by what the volumes are.
   */
  readonly normalization?: 'auto' | 'ct' | 'mr' | 'percentile' | 'zscore';
  /** What to do with a volume that holds NaN or infinities. Default 'error'. */
  readonly nonFinite?: 'error' | 'zero';
}
