import './layers/registerLayers.js';

export type {
  Activation,
  HeadActivation,
  KernelInit,
  NamedNdArrays,
  Norm,
  Padding,
  TensorData,
  Triple,
} from './api.js';
export type { Engine, EngineDetails, EngineName, EngineStatus } from './engine/api.js';
export { ENGINE_ORDER, probeEngines, selectEngine } from './engine/selectEngine.js';
export { EngineUnavailableError, OptionError, UNet3dError } from './errors.js';
export { ConcatChannels } from './layers/ConcatChannels.js';
export { Conv3d, type Conv3dLayerOpts } from './layers/Conv3d.js';
export { ConvNormAct, type ConvNormActLayerOpts } from './layers/ConvNormAct.js';
export { ConvTranspose3d, type ConvTranspose3dLayerOpts } from './layers/ConvTranspose3d.js';
export { CropLike } from './layers/CropLike.js';
export { Dense, type DenseLayerOpts } from './layers/Dense.js';
export { GlobalAveragePool3d } from './layers/GlobalAveragePool3d.js';
export { MaxPool3d, type MaxPool3dLayerOpts } from './layers/MaxPool3d.js';
export { NormAct, type NormActLayerOpts } from './layers/NormAct.js';
export { PadToMultiple, type PadToMultipleLayerOpts } from './layers/PadToMultiple.js';
export { registerLayers } from './layers/registerLayers.js';
export { UpSample3d, type UpSample3dLayerOpts } from './layers/UpSample3d.js';
export { type DiceLossOpts, diceLoss } from './losses/diceLoss.js';
export { meanAbsoluteError } from './losses/meanAbsoluteError.js';
export { meanSquaredError } from './losses/meanSquaredError.js';
export { type ClassifierOpts, classifier } from './models/classifier.js';
export { encoderOf } from './models/encoderOf.js';
export { type SegmenterOpts, segmenter } from './models/segmenter.js';
export { type UNet3dOpts, unet3d } from './models/unet3d.js';
export { type ExportOnnxOpts, exportOnnx } from './onnx/exportOnnx.js';
export { concatChannels } from './ops/concatChannels.js';
export { type Conv3dOpts, conv3d } from './ops/conv3d.js';
export { convTranspose3d } from './ops/convTranspose3d.js';
export { globalAveragePool3d } from './ops/globalAveragePool3d.js';
export { maxPool3d } from './ops/maxPool3d.js';
export { type FusedActivation, type NormActOpts, normAct } from './ops/normAct.js';
export { prelu } from './ops/prelu.js';
export { upsample3d } from './ops/upsample3d.js';
export { type AdamOpts, adam, adamW } from './optim/adam.js';
export { OptimizerError } from './optim/BaseOptimizer.js';
export type { Optimizer, OptimizerOpts, ParamGroup } from './optim/optimizer.js';
export { type SgdOpts, sgd } from './optim/sgd.js';
export { fromTensor } from './tensor/fromTensor.js';
export { toTensor } from './tensor/toTensor.js';
export {
  type ComputeGradientsOpts,
  computeGradients,
  disposeGradients,
  type Gradients,
  type Loss,
} from './train/computeGradients.js';
export { freeze, unfreeze } from './train/freeze.js';
export { getWeights } from './weights/getWeights.js';
export {
  type LoadReport,
  LoadWeightsError,
  type MismatchedWeight,
  type SetWeightsOpts,
  setWeights,
} from './weights/setWeights.js';
export { namedWeights } from './weights/weightName.js';
