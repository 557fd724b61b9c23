export { createRng, rngFromState } from '@genesis/core';
export type * from './api.js';
export type {
  Augmentation,
  AugmentedPair,
  ChannelFactors,
  ChannelOpts,
  IntensityOpts,
  LabelArray,
  Pair,
  PairApplyOpts,
  Range,
  Rider,
} from './augment/api.js';
export { type BiasFieldFactors, type BiasFieldOpts, biasField } from './augment/bias-field.js';
export { type BrightnessFactors, type BrightnessOpts, brightness } from './augment/brightness.js';
export type { AugmentationsOf } from './augment/chain.js';
export { type ContrastFactors, type ContrastOpts, contrast } from './augment/contrast.js';
export {
  type AugmentationName,
  type AugmentationOpts,
  type AugmentationSpec,
  augmentationNames,
  createAugmentation,
} from './augment/create-augmentation.js';
export { type CutOutFactors, type CutOutOpts, cutOut, type FilledBox } from './augment/cut-out.js';
export { type GammaFactors, type GammaOpts, gamma } from './augment/gamma.js';
export {
  type GaussianBlurFactors,
  type GaussianBlurOpts,
  gaussianBlur,
} from './augment/gaussian-blur.js';
export {
  type GaussianNoiseOpts,
  gaussianNoise,
  type NoiseFactors,
} from './augment/gaussian-noise.js';
export { type GhostingFactors, type GhostingOpts, ghosting } from './augment/ghosting.js';
export {
  type HistogramShiftFactors,
  type HistogramShiftOpts,
  histogramShift,
} from './augment/histogram-shift.js';
export {
  type LowResolutionFactors,
  type LowResolutionOpts,
  lowResolution,
} from './augment/low-resolution.js';
export { type MirrorOpts, mirror } from './augment/mirror.js';
export { type MotionFactors, type MotionOpts, type Movement, motion } from './augment/motion.js';
export { type OneOfFactors, type OneOfOpts, oneOf } from './augment/one-of.js';
export {
  light,
  nnunet,
  nnunetNoMirror,
  type PresetOpts,
  type TorchioMrOpts,
  torchioMr,
} from './augment/presets.js';
export { type RicianNoiseOpts, ricianNoise } from './augment/rician-noise.js';
export { type SharpeningFactors, type SharpeningOpts, sharpening } from './augment/sharpening.js';
export type {
  AxisRanges,
  SpatialElastic,
  SpatialFactors,
  SpatialOpts,
  SpatialRotation,
  SpatialScaling,
  SpatialShear,
  SpatialTranslation,
} from './augment/spatial/api.js';
export type { Elastic } from './augment/spatial/elastic.js';
export { spatial } from './augment/spatial/spatial.js';
export type { Border } from './augment/spatial/window.js';
export { type SpikesFactors, type SpikesOpts, spikes } from './augment/spikes.js';
export {
  type TranspositionFactors,
  type TranspositionOpts,
  transposition,
} from './augment/transposition.js';
export {
  type WindowJitterFactors,
  type WindowJitterOpts,
  windowJitter,
} from './augment/window-jitter.js';
export { compose } from './compose.js';
export { type BezierIntensityOpts, bezierIntensity } from './deformations/bezier-intensity.js';
export type { TransformsOf } from './deformations/compose-transforms.js';
export { type FlipOpts, flip } from './deformations/flip.js';
export { type InPaintingOpts, inPainting } from './deformations/in-painting.js';
export { type LocalShufflingOpts, localShuffling } from './deformations/local-shuffling.js';
export { type OutPaintingOpts, outPainting } from './deformations/out-painting.js';
export { TransformsError, type TransformsErrorCode } from './errors.js';
export type { KernelsName } from './kernels/api.js';
export { kernelsInUse, selectKernels } from './kernels/select.js';
export {
  type Batch,
  type BatchPool,
  type BatchPoolOpts,
  type CropRequest,
  createBatchPool,
} from './pool/create-batch-pool.js';
export {
  createPairPool,
  type PairBatch,
  type PairPool,
  type PairPoolOpts,
} from './pool/create-pair-pool.js';
export type { BatchesRequest, Pool, PoolOpts, SampleRequest } from './pool/run-pool.js';
export { batchMask } from './tasks/batch-mask.js';
export { createTask, type TaskName, type TaskOpts, taskNames } from './tasks/create-task.js';
export { type DenoisingFactors, type DenoisingOpts, denoising } from './tasks/denoising.js';
export type { Fill } from './tasks/fill.js';
export { type GenesisFactors, type GenesisOpts, genesis } from './tasks/genesis.js';
export { type IdentityOpts, identity } from './tasks/identity.js';
export { type JigsawFactors, type JigsawOpts, jigsaw } from './tasks/jigsaw.js';
export {
  type MaskedAutoencodingFactors,
  type MaskedAutoencodingOpts,
  maskedAutoencoding,
  patchGrid,
  patchMaskToVoxels,
} from './tasks/masked-autoencoding.js';
export {
  type PatchShufflingFactors,
  type PatchShufflingOpts,
  patchShuffling,
} from './tasks/patch-shuffling.js';
export { permutationSet } from './tasks/permutation-set.js';
export {
  type Rotation,
  type RotationFactors,
  type RotationOpts,
  rotation,
  rotationClasses,
} from './tasks/rotation.js';
export { type RubiksCubeFactors, type RubiksCubeOpts, rubiksCube } from './tasks/rubiks-cube.js';
export {
  type SingleInPaintingFactors,
  type SingleInPaintingOpts,
  singleInPainting,
} from './tasks/single-in-painting.js';
