/**
 * What a task of one's own is made of: `defineTask` says what it is, `registerTask` makes it known to `finetune`, `predict` and
 * `evaluate`, `trainTask` trains it; the rest are the parts that the tasks of this package use.
 *
 * @module
 */
export { trainTask } from './api/train-task.js';
export { checkedSchema, type ReadOnly, type Same, type Writable } from './config/checked-schema.js';
export {
  count,
  machineFields,
  networkFields,
  positive,
  preparationFields,
  rate,
  type TrainingConfig,
  text,
  trainingFields,
  triple,
  unitNormalization,
} from './config/fields.js';
export type {
  MachineOpts,
  NetworkOpts,
  PreparationOpts,
  TrainingOpts,
} from './config/options.js';
export type { ConfigSchema } from './config/resolve-config.js';
export {
  type AugmentOpts,
  type AugmentSample,
  augment,
  type LabeledSample,
} from './data/augment.js';
export { chooseCrop } from './data/choose-crop.js';
export { formatCsv, parseCsv } from './data/csv.js';
export {
  type Dataset,
  type DatasetItem,
  type ListDatasetOpts,
  listDataset,
  readItem,
} from './data/dataset.js';
export { detectNormalization } from './data/detect-normalization.js';
export { type DataRecord, identify } from './data/identify.js';
export { writeOneHot } from './data/one-hot.js';
export { prefetch } from './data/prefetch.js';
export { type Split, splitCases } from './data/split-cases.js';
export { STREAM } from './data/streams.js';
export { createVolumeCache, type VolumeCache } from './data/volume-cache.js';
export { writeOutput } from './data/write-output.js';
export type { InitialWeights } from './model/init-weights.js';
export type * from './report/api.js';
export { configTable } from './report/config-table.js';
export {
  type EpochPoint,
  type LossCurvesOpts,
  lossCurves,
  type StepPoint,
  validationCurves,
} from './report/curves.js';
export { duration } from './report/duration.js';
export { graySlice, outlinedSlice, type SliceAxis } from './report/slices.js';
export { formatTable } from './report/text-table.js';
export { shortNumber } from './report/ticks.js';
export { type Transferred, transferTable } from './report/transfer-table.js';
export type { RunPaths } from './run/layout.js';
export { type MetricsRecord, sortRecords } from './run/metrics.js';
export type { Run } from './run/open-run.js';
export type { RunInfo, RunLength, SplitNames, TensorNote, TransferReport } from './run/run-info.js';
export {
  type FinetuneTaskOpts,
  finetuneFields,
  labeledFields,
} from './tasks/common/finetune-fields.js';
export {
  type FinetuneStart,
  findStart,
  type InitializedModelOpts,
  initializedModel,
} from './tasks/common/initialized-model.js';
export {
  type LossFunctionOpts,
  type LossName,
  lossFunction,
} from './tasks/common/loss-function.js';
export {
  type RunSplit,
  type SplitCase,
  type SplitContext,
  splitOfRun,
} from './tasks/common/split-of-run.js';
export type { SplitRules } from './tasks/common/split-rules.js';
export { type Summary, summarize } from './tasks/common/summarize.js';
export { summarizeEpoch } from './tasks/common/summarize-epoch.js';
export {
  type CasePrediction,
  type CaseProgress,
  defineTask,
  type EvaluateRequest,
  type LoadedModel,
  type PredictRequest,
  type Task,
  type TaskDefinition,
  type TaskEvaluation,
  type TaskSchema,
} from './tasks/common/task.js';
export { registerTask } from './tasks/register-task.js';
export type { Trainable, TrainBatch, TrainingPlan, Validation } from './training/api.js';
export { ofOneOutput } from './training/of-one-output.js';
export type { RunContext, TrainingHooks } from './training/run-context.js';
export type { TrainingResult } from './training/train-run.js';
