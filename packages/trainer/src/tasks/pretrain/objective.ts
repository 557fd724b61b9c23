import type { LabelHead } from '@genesis/inference';
import type { Batch } from '@genesis/transforms';
import type { OutputsLoss } from '@genesis/unet3d';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ReportData } from '../../report/api.js';
import type { MetricsRecord } from '../../run/metrics.js';
import type { SplitNames } from '../../run/run-info.js';
import type { Validation } from '../../training/api.js';
import type { Replicas } from '../../training/replicas/replicas.js';
import type { CropSite, CropSource } from './crop-source.js';
import type { PlacedSample, PretrainSample } from './data.js';

/** What the network is to give for a deformed crop, and how well it does. */
export interface Objective {
  /** The outputs of the network; left out where it restores the crop. */
  readonly labels?: readonly LabelHead[];
  readonly loss: OutputsLoss;
  /** Whether it has to be known where in the body each crop lies. */
  readonly needsSites?: boolean;
  /**
   * Looks at crops before training begins.
   *
   * @param volumes - How many the source has.
   */
  fit?(source: CropSource, volumes: number): Promise<void>;
  /**
   * What the loss compares the outputs with; nothing of the batch is kept.
   *
   * @param sites - Where each crop of the batch lies; none unless `needsSites` is set.
   */
  targets(batch: Batch, sites: readonly CropSite[]): tf.Tensor[];
  /**
   * What validates on these samples, shared out between the processes.
   *
   * @throws TrainerError 'bad-config' when they hold nothing to be learnt.
   */
  validator(
    samples: readonly PlacedSample[],
    batchSize: number,
    replicas?: Replicas,
  ): (model: LayersModel) => Promise<Validation>;
  /** What the report says of the network as it is. */
  report(request: ReportRequest): Promise<ReportData>;
}

/** What a report is made of. */
export interface ReportRequest {
  readonly model: LayersModel;
  readonly samples: readonly PretrainSample[];
  readonly records: readonly MetricsRecord[];
  readonly split: SplitNames;
}
