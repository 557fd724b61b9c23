export {
  type ComputeGradientsOpts,
  computeGradients,
  disposeGradients,
  type Gradients,
  type LossAndGradients,
} from './compute-gradients.js';
export { freeze, unfreeze } from './freeze.js';
export { type RescaledKernel, rescaleKernels } from './rescale-kernels.js';
export { discriminativeGroups, stagesOf, unfreezeStages } from './stages.js';
