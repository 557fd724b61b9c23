// Registers the gradients of the stock operations, which TensorFlow.js's core does not do by itself.
import '@tensorflow/tfjs-layers';

export { type BceDiceOpts, bceDice } from './bce-dice.js';
export { binaryCrossEntropy } from './binary-cross-entropy.js';
export { type CeDiceOpts, ceDice } from './ce-dice.js';
export { crossEntropy } from './cross-entropy.js';
export { deepSupervision } from './deep-supervision.js';
export { type DiceLossOpts, diceLoss } from './dice-loss.js';
export { type FocalLossOpts, focalLoss } from './focal-loss.js';
export type { Loss, OutputsLoss } from './loss.js';
export { meanAbsoluteError } from './mean-absolute-error.js';
export { meanSquaredError } from './mean-squared-error.js';
export { type Ssim3dOpts, ssim3d } from './ssim3d.js';
export { weightedCrossEntropy } from './weighted-cross-entropy.js';
