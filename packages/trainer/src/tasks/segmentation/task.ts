import {
  CARD_VERSION,
  type Preparation,
  preparedShape,
  type SegmentationCard,
  sideMultiple,
} from '@genesis/inference';
import { createRng } from '@genesis/transforms';
import { chooseCrop } from '../../data/choose-crop.js';
import { detectNormalization } from '../../data/detect-normalization.js';
import { splitVolumes } from '../../data/split-volumes.js';
import { STREAM } from '../../data/streams.js';
import { TrainerError } from '../../errors.js';
import type { TrainingPlan } from '../../training/api.js';
import { ofOneOutput } from '../../training/of-one-output.js';
import type { RunContext } from '../../training/run-context.js';
import { findStart, initializedModel } from '../common/initialized-model.js';
import { lossFunction } from '../common/loss-function.js';
import { summarizeEpoch } from '../common/summarize-epoch.js';
import { defineTask } from '../common/task.js';
import { segmentationData } from './data.js';
import { evaluateSegmentation, segmentSamples, validateSegmentation } from './evaluation.js';
import { collectLabelValues, labeledPairs, readPair } from './labeled-pairs.js';
import { type SegmentationConfig, segmentationOptions } from './options.js';
import { predictSegmentation } from './prediction.js';
import { SHOWN, segmentationReport, tabulateSegmentation } from './report.js';

/** Segmentation: each voxel of a volume gets one of the classes that the label volumes hold. */
export const segmentation = defineTask({
  kind: 'segmentation',
  stage: 'finetune',
  options: segmentationOptions,
  prepare,
  predict: predictSegmentation,
  evaluate: evaluateSegmentation,
  summarize: summarizeEpoch,
  tabulate: tabulateSegmentation,
});

/** Pairs images with labels, decides crop and normalisation, builds the network. */
async function prepare({ config, emit }: RunContext<SegmentationConfig>): Promise<TrainingPlan> {
  const { network, initial } = await findStart(config);
  const pairs = await labeledPairs(config.images, config.labels);
  const split = splitVolumes(pairs.length, config.validation, createRng(config.seed, STREAM.split));
  const values = await collectLabelValues(pairs);
  if (values.length < 2) {
    throw new TrainerError(
      'bad-data',
      `the labels in ${config.labels} hold only the value ${values[0]}: there is nothing to segment`,
      { file: config.labels },
    );
  }
  const preparation: Preparation = {
    orientation: config.orientation,
    spacing: config.spacing,
    normalization: await detectNormalization(
      pairs.map(({ image }) => image),
      config.normalization,
    ),
    nonFinite: config.nonFinite,
  };
  const shapes = pairs.map(({ image }) => preparedShape(image.header, preparation));
  const crop = config.crop ?? chooseCrop(shapes, sideMultiple(network.levels));
  const info: SegmentationCard = {
    version: CARD_VERSION,
    kind: 'segmentation',
    network,
    crop,
    preparation,
    classes: values.map((value, n) => ({
      value,
      name: n === 0 ? 'background' : `label ${value}`,
    })),
  };
  const classNames = info.classes.map(({ name }) => name);
  emit({
    type: 'note',
    text: `labels ${values.join(', ')}; crop ${crop.join('×')}; intensities: ${preparation.normalization}`,
  });
  const { model, transfer } = initializedModel({ info, initial, config, emit });
  const { samples, ...data } = await segmentationData({
    load: (index) => readPair(pairs[index], values, preparation),
    train: split.train,
    validation: split.validation,
    classes: values.length,
    crop,
    batchSize: config.batch,
    cropsPerVolume: config.cropsPerVolume,
    foreground: config.foreground,
    augment: {
      flipAxes: config.flipAxes,
      intensityRate: preparation.normalization === 'zscore' ? 0 : config.intensityRate,
    },
    seed: config.seed,
    cacheBytes: config.cacheMb * 2 ** 20,
  });
  const loss = lossFunction(config.loss ?? 'dice');
  const names = (indices: readonly number[]): string[] => indices.map((index) => pairs[index].name);
  return {
    ...data,
    info,
    model,
    loss: ofOneOutput(loss),
    batchSize: config.batch,
    split: { train: names(split.train), validation: names(split.validation) },
    transfer,
    validate: () =>
      validateSegmentation({ model, samples, classNames, loss, batchSize: config.batch }),
    report: async (records) =>
      segmentationReport({
        records,
        config,
        info,
        samples: await segmentSamples(model, samples, SHOWN),
        names: pairs.map(({ name }) => name),
        transfer,
      }),
  };
}
