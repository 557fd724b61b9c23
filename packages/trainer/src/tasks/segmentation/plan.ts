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
import { initializedModel, type PlanOpts } from '../../model/initialized-model.js';
import { lossFunction } from '../../training/loss-function.js';
import type { TrainingPlan } from '../../training/train-run.js';
import { collectLabelValues, labeledPairs, readPair } from './labeled-pairs.js';
import { segmentationReport } from './report.js';
import { segmentationTask } from './task.js';

/** Pairs images with labels, decides crop and normalisation, builds the network. */
export async function planSegmentation(opts: PlanOpts): Promise<TrainingPlan> {
  const { config, network, onEvent } = opts;
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
  onEvent?.({
    type: 'note',
    text: `labels ${values.join(', ')}; crop ${crop.join('×')}; intensities: ${preparation.normalization}`,
  });
  const { model, transfer } = initializedModel(info, opts);
  const task = await segmentationTask({
    model,
    load: (index) => readPair(pairs[index], values, preparation),
    train: split.train,
    validation: split.validation,
    classes: values.length,
    classNames: info.classes.map(({ name }) => name),
    crop,
    batchSize: config.batch,
    cropsPerVolume: config.cropsPerVolume,
    foreground: config.foreground,
    augment: {
      flipAxes: config.flipAxes,
      intensityRate: preparation.normalization === 'zscore' ? 0 : config.intensityRate,
    },
    loss: lossFunction(config.loss ?? 'dice'),
    seed: config.seed,
    cacheBytes: config.cacheMb * 2 ** 20,
  });
  const names = (indices: readonly number[]): string[] => indices.map((index) => pairs[index].name);
  return {
    info,
    task,
    split: { train: names(split.train), validation: names(split.validation) },
    transfer,
    report: (records) =>
      segmentationReport({
        records,
        config,
        info,
        model,
        samples: task.samples,
        names: pairs.map(({ name }) => name),
        transfer,
      }),
    close: async () => undefined,
  };
}
