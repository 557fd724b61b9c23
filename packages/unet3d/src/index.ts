import './layers/registerLayers.js';

export type {
  Activation,
  HeadActivation,
  KernelInit,
  NamedNdArrays,
  NamedTensorLikes,
  Norm,
  Padding,
  TensorData,
  TensorLike,
  Triple,
} from './api.js';
export type { Engine, EngineDetails, EngineName, EngineStatus } from './engine/api.js';
export { ENGINE_ORDER, probeEngines, selectEngine } from './engine/selectEngine.js';
export { EngineUnavailableError, OptionError, UNet3dError } from './errors.js';
export { loadModel } from './io/loadModel.js';
export { modelFolder } from './io/modelFolder.js';
export { saveModel } from './io/saveModel.js';
export { AddAct, type AddActLayerOpts } from './layers/AddAct.js';
export { AveragePool3d, type AveragePool3dLayerOpts } from './layers/AveragePool3d.js';
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
export { type BceDiceOpts, bceDice } from './losses/bceDice.js';
export { binaryCrossEntropy } from './losses/binaryCrossEntropy.js';
export { type CeDiceOpts, ceDice } from './losses/ceDice.js';
export { crossEntropy } from './losses/crossEntropy.js';
export { type DiceLossOpts, diceLoss } from './losses/diceLoss.js';
export { type FocalLossOpts, focalLoss } from './losses/focalLoss.js';
export { meanAbsoluteError } from './losses/meanAbsoluteError.js';
export { meanSquaredError } from './losses/meanSquaredError.js';
export { type Ssim3dOpts, ssim3d } from './losses/ssim3d.js';
export { accuracy } from './metrics/accuracy.js';
export { auc } from './metrics/auc.js';
export { dice, type OverlapOpts } from './metrics/dice.js';
export { type HausdorffOpts, hausdorff95 } from './metrics/hausdorff95.js';
export { iou } from './metrics/iou.js';
export { type MeanIouOpts, meanIou } from './metrics/meanIou.js';
export type { MetricInput } from './metrics/pairs.js';
export { type ClassifierOpts, classifier } from './models/classifier.js';
export { encoderOf } from './models/encoderOf.js';
export { type ResidualUNet3dOpts, residualUnet3d } from './models/residualUnet3d.js';
export { type SegmenterOpts, segmenter } from './models/segmenter.js';
export { type UNet3dOpts, unet3d } from './models/unet3d.js';
export { type ExportOnnxOpts, exportOnnx } from './onnx/exportOnnx.js';
export { activationOp } from './ops/activationOp.js';
export { addAct } from './ops/addAct.js';
export { averagePool3d } from './ops/averagePool3d.js';
export { concatChannels } from './ops/concatChannels.js';
export { type Conv3dOpts, conv3d } from './ops/conv3d.js';
export { convTranspose3d } from './ops/convTranspose3d.js';
export { crop3d } from './ops/crop3d.js';
export { globalAveragePool3d } from './ops/globalAveragePool3d.js';
export { maxPool3d } from './ops/maxPool3d.js';
export { type FusedActivation, type NormActOpts, normAct } from './ops/normAct.js';
export { padZeros3d } from './ops/padZeros3d.js';
export { prelu } from './ops/prelu.js';
export { upsample3d } from './ops/upsample3d.js';
export { accumulateGradients, type GradientAccumulator } from './optim/accumulateGradients.js';
export { type AdamOpts, adam, adamW } from './optim/adam.js';
export { OptimizerError } from './optim/BaseOptimizer.js';
export { clipByGlobalNorm, clipByValue } from './optim/clipGradients.js';
export type { Optimizer, OptimizerOpts, ParamGroup } from './optim/optimizer.js';
export { type SgdOpts, sgd } from './optim/sgd.js';
export { type CosineDecayOpts, cosineDecay } from './schedules/cosineDecay.js';
export { type Plateau, type PlateauOpts, type PlateauState, plateau } from './schedules/plateau.js';
export type { Schedule } from './schedules/schedule.js';
export { type StepDecayOpts, stepDecay } from './schedules/stepDecay.js';
export { type WarmUpOpts, warmUp } from './schedules/warmUp.js';
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
export { discriminativeGroups, stagesOf, unfreezeStages } from './train/stages.js';
export { formatReport } from './weights/formatReport.js';
export { getWeights } from './weights/getWeights.js';
export {
  detectDialect,
  type ImportReport,
  type ImportWeightsOpts,
  importWeights,
  type WeightDialect,
} from './weights/importWeights.js';
export { mapKerasWeights } from './weights/mapKerasWeights.js';
export { mapNnunetWeights } from './weights/mapNnunetWeights.js';
export { mapPytorchWeights } from './weights/mapPytorchWeights.js';
export type { IgnoredTensor, MappedWeights } from './weights/mappedWeights.js';
export {
  type LoadReport,
  LoadWeightsError,
  type MismatchedWeight,
  type SetWeightsOpts,
  setWeights,
} from './weights/setWeights.js';
export { namedWeights } from './weights/weightName.js';
