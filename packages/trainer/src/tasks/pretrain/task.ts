import {
  buildModel,
  CARD_VERSION,
  inputChannels,
  type Preparation,
  type PretrainCard,
  referenceNetwork,
} from '@genesis/inference';
import { type BatchPool, createBatchPool } from '@genesis/transforms';
import { checkCrop } from '../../model/check-crop.js';
import { networkFrom } from '../../model/network-from.js';
import { shortNumber } from '../../report/ticks.js';
import type { Trainable, TrainingPlan } from '../../training/api.js';
import { type BatchShare, batchShare } from '../../training/replicas/batch-share.js';
import type { RunContext } from '../../training/run-context.js';
import type { TrainingResult } from '../../training/train-run.js';
import { channelFields } from '../common/channel-preparation.js';
import { defineTask } from '../common/task.js';
import { batchTensor } from './batch-tensor.js';
import { chooseObjective } from './choose-objective.js';
import type { CropSource } from './crop-source.js';
import { pretrainData } from './data.js';
import { pretrainImages } from './images.js';
import type { Objective } from './objective.js';
import { type PretrainConfig, pretrainOptions, pretrainOptionsFor } from './options.js';
import { proxySchemas } from './proxy-options.js';
import { explainedText, restoringMse } from './report.js';

/** Pre-training: the network restores crops that a proxy task has deformed, or tells what was done to them. */
export const pretraining = defineTask({
  kind: 'pretrain',
  stage: 'pretrain',
  options: pretrainOptions,
  optionsFor: pretrainOptionsFor,
  prepare,
  summarize,
});

async function prepare(context: RunContext<PretrainConfig>): Promise<TrainingPlan> {
  const skips = context.config.skips ? undefined : false;
  const network = networkFrom(context.config, { ...referenceNetwork, skips });
  checkCrop(context.config.crop, network.levels);
  const { items, channels } = await pretrainImages(context);
  const config = withChannelCurves(context.config, channels?.length ?? 1);
  const objective = chooseObjective(config);
  const preparation: Preparation = {
    orientation: config.orientation,
    spacing: config.spacing,
    normalization: config.normalization,
    nonFinite: config.nonFinite,
    ...channelFields(
      channels,
      (channels ?? []).map(() => config.normalization),
      config,
    ),
  };
  const info: PretrainCard = {
    version: CARD_VERSION,
    kind: 'pretrain',
    network,
    crop: config.crop,
    preparation,
    labels: objective.labels,
    places: config.places > 0 || undefined,
    regions: config.regions > 0 ? config.regions + 1 : undefined,
  };
  const { source, validation, proxy, split, records } = await pretrainData(
    { ...context, config },
    items,
    preparation,
  );
  await objective.fit?.(source, split.train.length);
  const validate = objective.validator(validation, config.batch, context.replicas);
  const share = batchShare(config.batch, context.replicas);
  const model = buildModel(info, config.seed);
  const pool = createBatchPool({
    task: proxy,
    shape: config.crop,
    channels: inputChannels(preparation),
    batchSize: share.size,
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
    loss: objective.loss,
    batches: batchesOf(pool, source, objective, share),
    validate: () => validate(model),
    split,
    data: records,
    report: (metrics) => objective.report({ model, samples: validation, records: metrics, split }),
    close: () => pool.close(),
  };
}

/**
 * The options with a curve of intensities for each of several channels, unless they say otherwise: an intensity of one has
 * nothing to do with that of another. All else that the deformations draw, places and windows, is the same for all channels, as in
 * the reference; painting fills each with noise of its own.
 */
function withChannelCurves(config: PretrainConfig, channels: number): PretrainConfig {
  if (channels === 1 || config.proxyTask !== 'genesis') return config;
  const { bezierIntensity, ...others } = proxySchemas.genesis.parse(config.proxyOptions);
  const curves = { curves: 'per-channel', ...bezierIntensity } as const;
  return { ...config, proxyOptions: { ...others, bezierIntensity: curves } };
}

function batchesOf(
  pool: BatchPool,
  source: CropSource,
  objective: Objective,
  share: BatchShare,
): Trainable['batches'] {
  return async function* (epoch, firstStep, steps) {
    const indices: number[] = [];
    for (let n = firstStep * share.size; n < steps * share.size; n++) {
      indices.push(share.placeOf(n));
    }
    for await (const batch of pool.batches({ epoch, indices })) {
      const sites = objective.needsSites
        ? await Promise.all(batch.indices.map((index) => source.siteOf({ epoch, index })))
        : [];
      yield { x: batchTensor(batch.input), targets: objective.targets(batch, sites) };
    }
  };
}

function summarize({ epoch, validation }: NonNullable<TrainingResult['best']>): string {
  const { identityMse, constantMse, explained, explainedDeformed } = validation;
  const { accuracy, chance } = validation;
  if (accuracy !== undefined) {
    return `validation accuracy ${shortNumber(accuracy)} (epoch ${epoch}), by chance ${shortNumber(chance)}`;
  }
  const figures = `variance explained: ${explainedText(explained)}, inside deformed voxels ${explainedText(explainedDeformed)} (epoch ${epoch}); MSE ${shortNumber(restoringMse(validation))}, of the best constant ${shortNumber(constantMse)}, of the deformed input ${shortNumber(identityMse)}`;
  if (explained > 0) return figures;
  return `${figures}\nwarning: the network is not better than a constant: it needs more steps, or another learning rate`;
}
