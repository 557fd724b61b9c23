export { accumulateGradients, type GradientAccumulator } from './accumulate-gradients.js';
export { type AdamOpts, adam, adamW } from './adam.js';
export { OptimizerError } from './base-optimizer.js';
export { clipByGlobalNorm, clipByValue } from './clip-gradients.js';
export type { Optimizer, OptimizerOpts, ParamGroup, WeightGradients } from './optimizer.js';
export { type SgdOpts, sgd } from './sgd.js';
export { type WeightAverage, weightAverage } from './weight-average.js';
