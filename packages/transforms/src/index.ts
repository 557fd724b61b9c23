export type * from './api.js';
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
} from './pool/createBatchPool.js';
export { createRng, rngFromState } from './random/createRng.js';
export { createTask, type TaskName, type TaskOpts, taskNames } from './tasks/createTask.js';
export { type GenesisFactors, type GenesisOpts, genesis } from './tasks/genesis.js';
export { type IdentityOpts, identity } from './tasks/identity.js';
export { type BezierIntensityOpts, bezierIntensity } from './transforms/bezierIntensity.js';
export { type FlipOpts, flip } from './transforms/flip.js';
export { type InPaintingOpts, inPainting } from './transforms/inPainting.js';
export { type LocalShufflingOpts, localShuffling } from './transforms/localShuffling.js';
export { type OutPaintingOpts, outPainting } from './transforms/outPainting.js';
