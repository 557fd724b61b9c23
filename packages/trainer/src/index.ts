export type { ModelCard, ModelCard as ModelInfo, NetworkConfig } from '@genesis/inference';
export { type SlidingWindowOpts, slidingWindow } from '@genesis/inference';
export { type ConvertOpts, type ConvertVoxelsOpts, convert } from './api/convert.js';
export {
  type Conversion,
  type ConvertFolderOpts,
  type ConvertFormat,
  type ConvertProgress,
  convertFolder,
} from './api/convert-folder.js';
export { type DatasetOpts, dataset } from './api/dataset.js';
export { type DoctorReport, doctor } from './api/doctor.js';
export { type EvaluateOpts, evaluate } from './api/evaluate.js';
export {
  type EvaluatePredictionsOpts,
  evaluatePredictions,
  type PredictionsEvaluation,
} from './api/evaluate-predictions.js';
export { type ExportModelOpts, exportModel } from './api/export-model.js';
export { type FinetuneOpts, type FinetuneResult, finetune } from './api/finetune.js';
export type { OlderNames } from './api/images-opt.js';
export { type InfoOpts, info, type VolumeSummary } from './api/info.js';
export { loadModel } from './api/load-model.js';
export type { Axis } from './api/mirrored-in-training.js';
export { isModel, type ModelSummary, modelInfo } from './api/model-info.js';
export { type PhantomOpts, phantom } from './api/phantom.js';
export { type Prediction, type PredictOpts, predict } from './api/predict.js';
export { type PretrainOpts, type PretrainResult, pretrain } from './api/pretrain.js';
export { type PushModelOpts, pushModel } from './api/push-model.js';
export type {
  Arm,
  ComparedData,
  ComparedTask,
  Experiment,
  FinetuneRecord,
  PrimaryContrast,
  RunRecord,
} from './compare/api.js';
export {
  type CompareOpts,
  type CompareResult,
  compare,
  compareEnded,
} from './compare/compare.js';
export type { Contrast, Efficiency } from './compare/contrast.js';
export type { LabelSaving } from './compare/label-saving.js';
export type { RunAllResult, RunEvent } from './compare/run-all.js';
export type { ExperimentSummary, SecondaryContrast } from './compare/summarize.js';
export type { ArmSummary } from './compare/summarize-arm.js';
export type { Verdict } from './compare/verdict.js';
export type {
  MachineOpts,
  NetworkOpts,
  PreparationOpts,
  TrainingOpts,
} from './config/options.js';
export type { ChangeVolumeOpts } from './data/change-volume.js';
export type * from './data/checks/api.js';
export type { CaseSplit, DescribedClass, LayoutName } from './data/layouts/api.js';
export type { LabelFormat } from './data/output-paths.js';
export { TrainerError, type TrainerErrorCode } from './errors.js';
export type {
  AutoScheme,
  DescribedTensor,
  ExportDescription,
  PlainScheme,
} from './export/describe-model.js';
export type { ExportFormat } from './export/formats.js';
export {
  type EpochRecord,
  type MetricsRecord,
  readMetrics,
  type StepRecord,
} from './run/metrics.js';
export type { EffectSize, Interval, SignFlip, Superiority, Wilcoxon } from './statistics/index.js';
export type {
  BuiltInFinetuneOpts,
  BuiltInPretrainOpts,
  ClassificationEvaluation,
  ClassificationOpts,
  ClassStatistics,
  DeformationOpts,
  Evaluation,
  OverlapScore,
  PretrainingOpts,
  ProxyOpts,
  ScoreName,
  SegmentationEvaluation,
  SegmentationOpts,
  SegmentationScore,
} from './tasks/built-in.js';
export type {
  AugmentChoice,
  AugmentOpts,
  AugmentStep,
  DecidedByTraining,
} from './tasks/common/augmentation/api.js';
export type { FigureName, FigureOpts, FigureSummary } from './tasks/common/figures/api.js';
export type { FinetuneTaskOpts } from './tasks/common/finetune-fields.js';
export type { Summary } from './tasks/common/summarize.js';
export type {
  CasePrediction,
  CaseProgress,
  LoadedModel,
  TaskEvaluation,
} from './tasks/common/task.js';
export type {
  EpochResult,
  LoopState,
  StepProgress,
  StopReason,
  Trainable,
  TrainBatch,
  Validation,
} from './training/api.js';
export type { OnEvent, TrainingEvent } from './training/events.js';
export type {
  LoopContext,
  OptionalStepConfig,
  PartsConfig,
  StepConfig,
} from './training/loop-context.js';
export type {
  ObserverState,
  Snapshot,
  TrainingObserver,
  TrainingSession,
} from './training/observer.js';
export { type MpiReplicasOpts, mpiReplicas } from './training/replicas/mpi-replicas.js';
export type { Replicas } from './training/replicas/replicas.js';
export type { TrainingHooks } from './training/run-context.js';
export type { ScheduleOpts, ScheduleState } from './training/schedule.js';
export type { TrainingResult } from './training/train-run.js';
