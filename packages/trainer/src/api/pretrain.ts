import {
  buildModel,
  CARD_VERSION,
  type Preparation,
  type PretrainCard,
  preparedShape,
  referenceNetwork,
} from '@genesis/inference';
import { createBatchPool, createRng } from '@genesis/transforms';
import { resolveConfig } from '../config/resolve-config.js';
import { type PretrainConfig, type PretrainConfigInput, pretrainSchema } from '../config/schema.js';
import { type CatalogItem, catalog } from '../data/catalog.js';
import { splitVolumes } from '../data/split-volumes.js';
import { STREAM } from '../data/streams.js';
import { TrainerError } from '../errors.js';
import { checkCrop } from '../model/check-crop.js';
import { networkFrom } from '../model/network-from.js';
import { type CropSource, createCropSource } from '../tasks/pretrain/crop-source.js';
import { pretrainReport } from '../tasks/pretrain/report.js';
import { identityMse, pretrainTask, restorationSamples } from '../tasks/pretrain/task.js';
import type { OnEvent } from '../training/events.js';
import {
  type TrainingHooks,
  type TrainingPlan,
  type TrainingResult,
  trainRun,
} from '../training/train-run.js';

export type PretrainOpts = PretrainConfigInput & TrainingHooks;

/** `best.validation` holds `loss` (mean squared error), `identityMse` and their `ratio`. */
export type PretrainResult = TrainingResult;

/**
 * Pre-trains a network on unlabelled volumes: cuts crops on demand, deforms them, trains the network to restore them
 * (Zhou et al., Models Genesis, 2021, section 3). Writes a run folder: config.json, run.json, metrics.jsonl, checkpoints,
 * report.html.
 *
 * @throws TrainerError, VolumeIoError or EngineUnavailableError; when nothing has been trained yet, no folder is left.
 */
export async function pretrain(opts: PretrainOpts): Promise<PretrainResult> {
  const { onEvent, signal, reduceGradients, ...given } = opts;
  const config = resolveConfig(pretrainSchema, given);
  const network = networkFrom(config, referenceNetwork);
  checkCrop(config.crop, network.levels);
  return trainRun(config, opts, async (): Promise<TrainingPlan> => {
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
    const data = await pretrainData(config, preparation, onEvent);
    const model = buildModel(info, config.seed);
    const pool = createBatchPool({
      task: data.proxy,
      shape: config.crop,
      channels: 1,
      batchSize: config.batch,
      workers: config.workers,
      seed: config.seed,
      crops: (request) => data.source.get(request),
    });
    const task = pretrainTask({
      model,
      pool,
      samplesPerEpoch: data.source.samplesPerEpoch,
      batchSize: config.batch,
      crop: config.crop,
      validation: data.validation,
    });
    return {
      info,
      task,
      split: data.split,
      report: (records) =>
        pretrainReport({ records, config, model, validation: data.validation, split: data.split }),
      close: () => pool.close(),
    };
  });
}

/** Finds, splits and opens the volumes; the validation set and the first crop are read, so that bad files show early. */
async function pretrainData(
  config: PretrainConfig,
  preparation: Preparation,
  onEvent: OnEvent | undefined,
) {
  const items = usable(await catalog(config.data), config, preparation, onEvent);
  const split = splitVolumes(items.length, config.validation, createRng(config.seed, STREAM.split));
  let isNoted = false;
  const onNote = (text: string): void => {
    if (!isNoted) onEvent?.({ type: 'note', text });
    isNoted = true;
  };
  const sourceOf = (indices: readonly number[]): CropSource =>
    createCropSource({
      items: indices.map((index) => items[index]),
      preparation,
      crop: config.crop,
      cropsPerVolume: config.cropsPerVolume,
      rule: config.cropRule,
      seed: config.seed,
      cacheBytes: config.cacheMb * 2 ** 20,
      onNote,
    });
  const names = (indices: readonly number[]): string[] => indices.map((index) => items[index].name);
  const proxy = { name: config.proxyTask, opts: config.deformations };
  const source = sourceOf(split.train);
  await source.get({ epoch: 0, index: 0 });
  const validation = await restorationSamples({
    source: sourceOf(split.validation),
    names: names(split.validation),
    count: config.validationCrops,
    proxy,
    seed: config.seed,
  });
  if (!(identityMse(validation) > 0)) {
    throw new TrainerError(
      'bad-config',
      `the proxy task '${config.proxyTask}' leaves the validation crops as they are, so there is nothing to restore`,
    );
  }
  return {
    source,
    validation,
    proxy,
    split: { train: names(split.train), validation: names(split.validation) },
  };
}

/** The volumes that are at least as large as a crop; the others are named in a warning, as the reference skips them. */
function usable(
  items: readonly CatalogItem[],
  config: PretrainConfig,
  preparation: Preparation,
  onEvent: OnEvent | undefined,
): CatalogItem[] {
  const shapes = items.map((item) => preparedShape(item.header, preparation));
  const fits = shapes.map((shape) => shape.every((side, axis) => side >= config.crop[axis]));
  const small = items.filter((_, n) => !fits[n]);
  if (small.length === items.length) {
    const largest = shapes.reduce((a, b) => (a[0] * a[1] * a[2] >= b[0] * b[1] * b[2] ? a : b));
    throw new TrainerError(
      'bad-data',
      `a crop of ${config.crop.join('×')} is larger than ${items.length === 1 ? 'the volume' : `each of the ${items.length} volumes`} in ${config.data} (the largest is ${largest.join('×')}): choose a smaller --crop`,
      { file: config.data },
    );
  }
  if (small.length > 0) {
    onEvent?.({
      type: 'warning',
      text: `left out, smaller than a crop of ${config.crop.join('×')}: ${small
        .slice(0, 5)
        .map((item) => item.name)
        .join(', ')}${small.length > 5 ? ', …' : ''} (${small.length} of ${items.length} volumes)`,
    });
  }
  return items.filter((_, n) => fits[n]);
}
