import './layers/register-layers.js';

export type { FusedActivation } from '@genesis/core/kernels';

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
export { ENGINE_ORDER, probeEngines, selectEngine } from './engine/select-engine.js';
export { EngineUnavailableError, OptionError, UNet3dError } from './errors.js';
export { loadModel } from './io/load-model.js';
export { modelFolder } from './io/model-folder.js';
export { saveModel } from './io/save-model.js';
export { AddAct, type AddActLayerOpts } from './layers/add-act.js';
export { AveragePool3d, type AveragePool3dLayerOpts } from './layers/average-pool3d.js';
export { ConcatChannels } from './layers/concat-channels.js';
export { ConvNormAct, type ConvNormActLayerOpts } from './layers/conv-norm-act.js';
export { ConvTranspose3d, type ConvTranspose3dLayerOpts } from './layers/conv-transpose3d.js';
export { Conv3d, type Conv3dLayerOpts } from './layers/conv3d.js';
export { CropLike } from './layers/crop-like.js';
export { Dense, type DenseLayerOpts } from './layers/dense.js';
export { GlobalAveragePool3d } from './layers/global-average-pool3d.js';
export { MaxPool3d, type MaxPool3dLayerOpts } from './layers/max-pool3d.js';
export { NormAct, type NormActLayerOpts } from './layers/norm-act.js';
export { PadToMultiple, type PadToMultipleLayerOpts } from './layers/pad-to-multiple.js';
export { registerLayers } from './layers/register-layers.js';
export { UpSample3d, type UpSample3dLayerOpts } from './layers/up-sample3d.js';
export { type BceDiceOpts, bceDice } from './losses/bce-dice.js';
export { binaryCrossEntropy } from './losses/binary-cross-entropy.js';
export { type CeDiceOpts, ceDice } from './losses/ce-dice.js';
export { crossEntropy } from './losses/cross-entropy.js';
export { type DiceLossOpts, diceLoss } from './losses/dice-loss.js';
export { type FocalLossOpts, focalLoss } from './losses/focal-loss.js';
export { meanAbsoluteError } from './losses/mean-absolute-error.js';
export { meanSquaredError } from './losses/mean-squared-error.js';
export { type Ssim3dOpts, ssim3d } from './losses/ssim3d.js';
export { accuracy } from './metrics/accuracy.js';
export { auc } from './metrics/auc.js';
export { dice, type OverlapOpts } from './metrics/dice.js';
export { type HausdorffOpts, hausdorff95 } from './metrics/hausdorff95.js';
export { iou } from './metrics/iou.js';
export { type MeanIouOpts, meanIou } from './metrics/mean-iou.js';
export type { MetricInput } from './metrics/pairs.js';
export { type ClassifierOpts, classifier } from './models/classifier.js';
export { encoderOf } from './models/encoder-of.js';
export { type ResidualUNet3dOpts, residualUnet3d } from './models/residual-unet3d.js';
export { type SegmenterOpts, segmenter } from './models/segmenter.js';
export { type UNet3dOpts, unet3d } from './models/unet3d.js';
export { type ExportOnnxOpts, exportOnnx } from './onnx/export-onnx.js';
export { activationOp } from './ops/activation-op.js';
export { addAct } from './ops/add-act.js';
export { averagePool3d } from './ops/average-pool3d.js';
export { concatChannels } from './ops/concat-channels.js';
export { convTranspose3d } from './ops/conv-transpose3d.js';
export { type Conv3dOpts, conv3d } from './ops/conv3d.js';
export { crop3d } from './ops/crop3d.js';
export { globalAveragePool3d } from './ops/global-average-pool3d.js';
export { maxPool3d } from './ops/max-pool3d.js';
export { type NormActOpts, normAct } from './ops/norm-act.js';
export { padZeros3d } from './ops/pad-zeros3d.js';
export { prelu } from './ops/prelu.js';
export { upsample3d } from './ops/upsample3d.js';
export { accumulateGradients, type GradientAccumulator } from './optim/accumulate-gradients.js';
export { type AdamOpts, adam, adamW } from './optim/adam.js';
export { OptimizerError } from './optim/base-optimizer.js';
export { clipByGlobalNorm, clipByValue } from './optim/clip-gradients.js';
export type { Optimizer, OptimizerOpts, ParamGroup } from './optim/optimizer.js';
export { type SgdOpts, sgd } from './optim/sgd.js';
export { type CosineDecayOpts, cosineDecay } from './schedules/cosine-decay.js';
export { type Plateau, type PlateauOpts, type PlateauState, plateau } from './schedules/plateau.js';
export type { Schedule } from './schedules/schedule.js';
export { type StepDecayOpts, stepDecay } from './schedules/step-decay.js';
export { type WarmUpOpts, warmUp } from './schedules/warm-up.js';
export { fromTensor } from './tensor/from-tensor.js';
export { toTensor } from './tensor/to-tensor.js';
export {
  type ComputeGradientsOpts,
  computeGradients,
  disposeGradients,
  type Gradients,
  type Loss,
} from './train/compute-gradients.js';
export { freeze, unfreeze } from './train/freeze.js';
export { discriminativeGroups, stagesOf, unfreezeStages } from './train/stages.js';
export { formatReport } from './weights/format-report.js';
export { getWeights } from './weights/get-weights.js';
export {
  detectDialect,
  type ImportReport,
  type ImportWeightsOpts,
  importWeights,
  type WeightDialect,
} from './weights/import-weights.js';
export { mapKerasWeights } from './weights/map-keras-weights.js';
export { mapNnunetWeights } from './weights/map-nnunet-weights.js';
export { mapPytorchWeights } from './weights/map-pytorch-weights.js';
export type { IgnoredTensor, MappedWeights } from './weights/mapped-weights.js';
export {
  type LoadReport,
  LoadWeightsError,
  type MismatchedWeight,
  type SetWeightsOpts,
  setWeights,
} from './weights/set-weights.js';
export { namedWeights } from './weights/weight-name.js';
