// Registers the gradients of the stock operations, which TensorFlow.js's core does not do by itself.
import '@tensorflow/tfjs-layers';

export type { FusedActivation } from '@genesis/core/kernels';
export { activationOp } from './activation-op.js';
export { addAct } from './add-act.js';
export { averagePool3d } from './average-pool3d.js';
export { concatChannels } from './concat-channels.js';
export { convTranspose3d } from './conv-transpose3d.js';
export { type Conv3dOpts, conv3d } from './conv3d.js';
export { crop3d } from './crop3d.js';
export { globalAveragePool3d } from './global-average-pool3d.js';
export { maxPool3d } from './max-pool3d.js';
export { type NormActOpts, normAct } from './norm-act.js';
export { padZeros3d } from './pad-zeros3d.js';
export { prelu } from './prelu.js';
export { meanOverReplicas, type ReplicaScope, sumOverReplicas } from './replica-sum.js';
export { upsample3d } from './upsample3d.js';
