export type { ModelInfo, NetworkConfig } from '@genesis/inference';
export { type SlidingWindowOpts, slidingWindow } from '@genesis/inference';
export { type ConvertOpts, convert } from './commands/convert.js';
export { type DoctorReport, doctor } from './commands/doctor.js';
export { evaluate } from './commands/evaluate.js';
export type {
  ClassificationEvaluation,
  EvaluateOpts,
  Evaluation,
  SegmentationEvaluation,
} from './commands/evaluation.js';
export { type FinetuneOpts, type FinetuneResult, finetune } from './commands/finetune.js';
export { type InfoOpts, info, type VolumeSummary } from './commands/info.js';
export { type PhantomOpts, phantom } from './commands/phantom.js';
export { type Prediction, type PredictOpts, predict } from './commands/predict.js';
export { type PretrainOpts, type PretrainResult, pretrain } from './commands/pretrain.js';
export type { TrainingHooks, TrainingResult } from './commands/train-run.js';
export { TrainerError, type TrainerErrorCode } from './errors.js';
export type { EpochResult, Gradients, StepProgress, StopReason } from './loop/api.js';
export type { OnEvent, TrainingEvent } from './loop/events.js';
export { type LoadedModel, loadModel } from './model/load-model.js';
export {
  type EpochRecord,
  type MetricsRecord,
  readMetrics,
  type StepRecord,
} from './run/metrics.js';
