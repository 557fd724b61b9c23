import {
  buildModel,
  CARD_VERSION,
  type Preparation,
  type PretrainCard,
  referenceNetwork,
} from '@genesis/inference';
import { type BatchPool, createBatchPool } from '@genesis/transforms';
import { meanSquaredError } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import { TrainerError } from '../../errors.js';
import { checkCrop } from '../../model/check-crop.js';
import { networkFrom } from '../../model/network-from.js';
import { shortNumber } from '../../report/ticks.js';
import type { Trainable, TrainingPlan } from '../../training/api.js';
import { ofOneOutput } from '../../training/of-one-output.js';
import type { RunContext } from '../../training/run-context.js';
import type { TrainingResult } from '../../training/train-run.js';
import { defineTask } from '../common/task.js';
import { pretrainData } from './data.js';
import { identityMse, illustrate, restorationValidator } from './evaluation.js';
import { type PretrainConfig, pretrainOptions } from './options.js';
import { pretrainReport } from './report.js';

/** Pre-training: the network restores crops that a proxy task has deformed. */
export const pretraining = defineTask({
  kind: 'pretrain',
  stage: 'pretrain',
  options: pretrainOptions,
  prepare,
  summarize,
});

async function prepare({ config, emit }: RunContext<PretrainConfig>): Promise<TrainingPlan> {
  const network = networkFrom(config, referenceNetwork);
  checkCrop(config.crop, network.levels);
  const preparation: Preparation = {
    orientation: config.orientation,
    spacing: config.spacing,
    normalization: config.normalization,
    nonFinite: config.nonFinite,
  };
  const info: PretrainCard = {
    version: CARD_VERSION,
    kind: 'pretrain',
    network,
    crop: config.crop,
    preparation,
  };
  const { source, validation, proxy, split } = await pretrainData(config, preparation, emit);
  if (!(identityMse(validation) > 0)) {
    throw new TrainerError(
      'bad-config',
      `the proxy task '${config.proxyTask}' leaves the validation crops as they are, so there is nothing to restore`,
    );
  }
  const model = buildModel(info, config.seed);
  const pool = createBatchPool({
    task: proxy,
    shape: config.crop,
    channels: 1,
    batchSize: config.batch,
    workers: config.workers,
    seed: config.seed,
    crops: (request) => source.get(request),
  });
  const stepsPerEpoch = Math.max(1, Math.floor(source.samplesPerEpoch / config.batch));
  return {
    info,
    model,
    stepsPerEpoch,
    batchSize: config.batch,
    loss: ofOneOutput(meanSquaredError),
    batches: batchesOf(pool, stepsPerEpoch, config.batch),
    validate: restorationValidator(model, validation, config.batch),
    split,
    report: async (records) =>
      pretrainReport({
        records,
        config,
        split,
        ...(await illustrate(model, validation, config)),
      }),
    close: () => pool.close(),
  };
}

function batchesOf(
  pool: BatchPool,
  stepsPerEpoch: number,
  batchSize: number,
): Trainable['batches'] {
  return async function* (epoch, firstStep) {
    const indices: number[] = [];
    for (let n = firstStep * batchSize; n < stepsPerEpoch * batchSize; n++) indices.push(n);
    for await (const batch of pool.batches({ epoch, indices })) {
      yield { x: toBatchTensor(batch.input), targets: [toBatchTensor(batch.target)] };
    }
  };
}

function toBatchTensor(batch: NdArray<Float32Array>): tf.Tensor {
  // Copied: the pool overwrites its memory, and an engine may read a tensor's values later.
  return tf.tensor(batch.data.slice(0, batch.size), batch.shape, 'float32');
}

function summarize({ epoch, validation }: NonNullable<TrainingResult['best']>): string {
  const { loss, identityMse, ratio } = validation;
  const share = `${(Math.abs(1 - ratio) * 100).toFixed(1)} % ${ratio < 1 ? 'below' : 'above'}`;
  return `validation MSE ${shortNumber(loss)} (epoch ${epoch}) is ${share} that of the deformed input itself, ${shortNumber(identityMse)}`;
}
