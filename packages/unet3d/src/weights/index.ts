export { formatReport } from './format-report.js';
export { getWeights } from './get-weights.js';
export {
  detectDialect,
  type ImportReport,
  type ImportWeightsOpts,
  importWeights,
  type WeightDialect,
} from './import-weights.js';
export { mapKerasWeights } from './map-keras-weights.js';
export { mapNnunetWeights } from './map-nnunet-weights.js';
export { mapPytorchWeights } from './map-pytorch-weights.js';
export type { IgnoredTensor, MappedWeights } from './mapped-weights.js';
export type { RepeatedKernel } from './repeat-input.js';
export {
  type LoadReport,
  LoadWeightsError,
  type MismatchedWeight,
  type SetWeightsOpts,
  setWeights,
} from './set-weights.js';
export type { TorchWeights } from './torch-names.js';
export { torchWeights } from './torch-weights.js';
export { namedWeights } from './weight-name.js';
