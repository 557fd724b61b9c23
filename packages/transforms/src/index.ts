export { createRng, rngFromState } from '@genesis/core';
export type * from './api.js';
export { type BezierIntensityOpts, bezierIntensity } from './deformations/bezier-intensity.js';
export { compose, type TransformsOf } from './deformations/compose.js';
export { type FlipOpts, flip } from './deformations/flip.js';
export { type InPaintingOpts, inPainting } from './deformations/in-painting.js';
export { type LocalShufflingOpts, localShuffling } from './deformations/local-shuffling.js';
export { type OutPaintingOpts, outPainting } from './deformations/out-painting.js';
export { TransformsError, type TransformsErrorCode } from './errors.js';
export type { KernelsName } from './kernels/api.js';
export { kernelsInUse, selectKernels } from './kernels/select.js';
export {
  type Batch,
  type BatchesRequest,
  type BatchPool,
  type BatchPoolOpts,
  type CropRequest,
  createBatchPool,
} from './pool/create-batch-pool.js';
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
