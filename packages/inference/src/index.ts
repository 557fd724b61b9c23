export type {
  CardBase,
  ClassificationCard,
  LabelClass,
  LabelHead,
  ModelCard,
  ModelCards,
  NamedClass,
  NetworkConfig,
  PretrainCard,
  SegmentationCard,
  TrainingProfile,
} from './card/api.js';
export { CardFields } from './card/fields.js';
export type { ModelKind } from './card/kind.js';
export { kerasNetwork, referenceNetwork, sideMultiple } from './card/networks.js';
export { CARD_VERSION, parseModelCard, parseNetwork } from './card/parse-card.js';
export { registerModelKind } from './card/registry.js';
export { requireKind } from './card/require-kind.js';
export { unetOpts } from './card/unet-opts.js';
export { classifyVolume } from './classify/classify-volume.js';
export { InferenceError, type InferenceErrorCode, type InferenceErrorDetails } from './errors.js';
export {
  type Components,
  type Connectivity,
  connectedComponents,
} from './masks/connected-components.js';
export { distanceTransform } from './masks/distance-transform.js';
export type { Region, RegionScore, ScoreOpts } from './metrics/api.js';
export {
  type IntensityStatistics,
  type LabelStatistics,
  labelStatistics,
} from './metrics/label-statistics.js';
export {
  type LesionCounts,
  type LesionOpts,
  lesionCounts,
  lesionF1,
} from './metrics/lesion-counts.js';
export { scoreRegions } from './metrics/score-regions.js';
export { surfaceAreas } from './metrics/surface-areas.js';
export {
  type SurfaceDistances,
  type SurfaceKind,
  type SurfaceOpts,
  type SurfacePoints,
  surfaceDistances,
} from './metrics/surface-distances.js';
export {
  averageSurfaceDistance,
  hausdorffDistance,
  surfaceDice,
} from './metrics/surface-figures.js';
export { applyNetwork, applyNetworkThen } from './model/apply-network.js';
export { buildModel } from './model/build-model.js';
export { mirroredNetwork } from './model/mirrored-network.js';
export {
  cardValue,
  decodeModelFile,
  encodeModelFile,
  isWeight,
  MODEL_FORMAT,
  type ModelFile,
  OBSERVER_PREFIX,
  OPTIMIZER_PREFIX,
  type TrainingState,
} from './model/model-file.js';
export { modelWithWeights } from './model/model-with-weights.js';
export { meanOfNetworks, type Network, networkOf } from './model/network.js';
export { stackBatch } from './model/stack-batch.js';
export { trainable } from './model/trainable.js';
export {
  createPredictor,
  type LoadPredictorOpts,
  loadPredictor,
  type ModelSource,
} from './predictor/load-predictor.js';
export { type ClassProbability, Predictor, type PrepareOpts } from './predictor/predictor.js';
export {
  chooseScheme,
  describeScheme,
  detectScheme,
  intensitySchemes,
  type SchemeName,
  schemeNames,
} from './preprocessing/choose-scheme.js';
export { centerStart, cutCrop } from './preprocessing/cut-crop.js';
export { fitVolume } from './preprocessing/fit-volume.js';
export { gridsDiffer, type NamedGrid } from './preprocessing/grids-differ.js';
export { inputChannels, withChannelAxis } from './preprocessing/input-channels.js';
export {
  firstVolume,
  type Image,
  prepareChannels,
  prepareImage,
  stackChannels,
} from './preprocessing/prepare-channels.js';
export {
  type ChannelPreparation,
  type Preparation,
  prepareLabels,
  prepareVolume,
} from './preprocessing/prepare-volume.js';
export { preparedShape, preparedSpacing } from './preprocessing/prepared-shape.js';
export { EntropyMap } from './segment/entropy-map.js';
export { type ImageGeometry, imageVolume } from './segment/image-volume.js';
export { labelType, labelVolume } from './segment/label-volume.js';
export { type ClassArray, classArray, MostProbable } from './segment/most-probable.js';
export { type Segmentation, type SegmentOpts, segmentVolume } from './segment/segment-volume.js';
export type { OutputBlock, VisitBlock } from './window/api.js';
export { type OutputGrid, resampledGrid, sameGrid } from './window/output-grid.js';
export { type SlidingWindowOpts, slideWindows } from './window/slide-windows.js';
export { slidingWindow } from './window/sliding-window.js';
