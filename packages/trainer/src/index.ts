export type { ModelCard, ModelCard as ModelInfo, NetworkConfig } from '@genesis/inference';
export { type SlidingWindowOpts, slidingWindow } from '@genesis/inference';
export { type ConvertOpts, convert } from './api/convert.js';
export { type DoctorReport, doctor } from './api/doctor.js';
export { evaluate } from './api/evaluate.js';
export type {
  ClassificationEvaluation,
  EvaluateOpts,
  Evaluation,
  SegmentationEvaluation,
} from './api/evaluation.js';
export { type FinetuneOpts, type FinetuneResult, finetune } from './api/finetune.js';
export { type InfoOpts, info, type VolumeSummary } from './api/info.js';
export { type PhantomOpts, phantom } from './api/phantom.js';
export { type Prediction, type PredictOpts, predict } from './api/predict.js';
export { type PretrainOpts, type PretrainResult, pretrain } from './api/pretrain.js';
export { TrainerError, type TrainerErrorCode } from './errors.js';
export { type LoadedModel, loadModel } from './model/load-model.js';
export {
  type EpochRecord,
  type MetricsRecord,
  readMetrics,
  type StepRecord,
} from './run/metrics.js';
export type { EpochResult, Gradients, StepProgress, StopReason } from './training/api.js';
export type { OnEvent, TrainingEvent } from './training/events.js';
export type { TrainingHooks, TrainingResult } from './training/train-run.js';
