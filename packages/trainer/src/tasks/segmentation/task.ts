import {
  CARD_VERSION,
  inputChannels,
  type Preparation,
  preparedShape,
  preparedSpacing,
  type SegmentationCard,
  sideMultiple,
} from '@genesis/inference';
import { deeplySupervised, deepSupervision } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { chooseCrop } from '../../data/choose-crop.js';
import { partsOf } from '../../data/dataset.js';
import { detectNormalization } from '../../data/detect-normalization.js';
import { identify } from '../../data/identify.js';
import { mixtures, profileOf } from '../../data/training-profile.js';
import { TrainerError } from '../../errors.js';
import type { TrainingPlan } from '../../training/api.js';
import { ofOneOutput } from '../../training/of-one-output.js';
import type { RunContext } from '../../training/run-context.js';
import { augmentationOfRun } from '../common/augmentation/augmentation-of-run.js';
import { basicVariation } from '../common/augmentation/basic-options.js';
import { channelFields, channelItems, intensityText } from '../common/channel-preparation.js';
import { checkClasses } from '../common/check-classes.js';
import { figureTables } from '../common/figures/figure-tables.js';
import { figuresCsv } from '../common/figures/figures-csv.js';
import { findStart, initializedModel } from '../common/initialized-model.js';
import { checkClassWeights, lossFunction } from '../common/loss-function.js';
import { splitOfRun } from '../common/split-of-run.js';
import { splitRules } from '../common/split-rules.js';
import { summarizeEpoch } from '../common/summarize-epoch.js';
import { defineTask } from '../common/task.js';
import { segmentationData, type TrainingExample } from './data.js';
import {
  evaluateSegmentation,
  type SegmentationEvaluation,
  segmentSamples,
  validateSegmentation,
} from './evaluation.js';
import { IGNORED } from './label-classes.js';
import { collectLabelValues, labeledPairs, readPair } from './labeled-pairs.js';
import { type SegmentationConfig, segmentationOptions, segmentationPresets } from './options.js';
import { predictSegmentation } from './prediction.js';
import { SHOWN, SHOWN_EXAMPLES, segmentationReport } from './report.js';
import { withValidation } from './with-validation.js';

/** Segmentation: each voxel of a volume gets one of the classes that the label volumes hold. */
export const segmentation = defineTask({
  kind: 'segmentation',
  stage: 'finetune',
  options: segmentationOptions,
  presets: segmentationPresets,
  prepare,
  predict: predictSegmentation,
  evaluate: evaluateSegmentation,
  summarize: summarizeEpoch,
  tabulate: (evaluation: SegmentationEvaluation) => figureTables(evaluation),
  csv: (evaluation: SegmentationEvaluation) => figuresCsv(evaluation.cases),
});

/** Pairs images with labels, decides crop and normalisation, builds the network. */
async function prepare(context: RunContext<SegmentationConfig>): Promise<TrainingPlan> {
  const { config, emit } = context;
  const { network, initial } = await findStart(config, context);
  const onWarning = (text: string): void => emit({ type: 'warning', text });
  const { images, labels, layout, strict } = config;
  const how = {
    layout,
    channels: config.channels,
    allowMissing: config.allowMissingChannels,
    resample: config.resampleChannels,
    strict,
    onWarning,
  };
  const dataset = await withValidation(await labeledPairs({ ...how, images, labels }), config, how);
  const { classNames: names } = dataset;
  const ignoreLabel = config.ignoreLabel ?? dataset.ignoreLabel;
  const { pairs, values } = await collectLabelValues(dataset.pairs, {
    strict,
    onWarning,
    ignoreLabel,
    classNames: names,
  });
  const records = [
    ...(await identify(pairs.flatMap(({ image }) => partsOf(image)))),
    ...(await identify(pairs.flatMap(({ label }) => partsOf(label)))).map((one) => ({
      ...one,
      key: `label ${one.key}`,
    })),
  ];
  const cases = pairs.map(({ name, image, ...own }) => ({ ...own, name, group: image.group }));
  const rules = context.previous ? undefined : await splitRules(config, cases, onWarning);
  const split = splitOfRun(context, cases, records, rules);
  if (values.length < 2) {
    throw new TrainerError(
      'bad-data',
      `the labels in ${labels ?? images} hold only the value ${values[0]}: there is nothing to segment`,
      { file: labels ?? images },
    );
  }
  checkClasses(context, 'label values', values);
  const channelNames = dataset.channels;
  const imageItems = pairs.map(({ image }) => image);
  const normalizations = await Promise.all(
    (channelNames ?? ['']).map((_, n) =>
      detectNormalization(channelItems(imageItems, n), config.normalization),
    ),
  );
  const preparation: Preparation = {
    orientation: config.orientation,
    spacing: config.spacing,
    normalization: normalizations[0],
    nonFinite: config.nonFinite,
    ...channelFields(channelNames, normalizations, config),
  };
  const training = profileOf(imageItems, preparation);
  for (const text of mixtures(training, preparation)) onWarning(text);
  const shapes = pairs.map(({ image }) => preparedShape(image.header, preparation));
  const crop = config.crop ?? chooseCrop(shapes, sideMultiple(network.levels));
  const info: SegmentationCard = {
    version: CARD_VERSION,
    kind: 'segmentation',
    network,
    crop,
    preparation,
    training,
    classes: values.map((value, n) => ({
      value,
      name: names?.get(value) ?? (n === 0 ? 'background' : `label ${value}`),
    })),
  };
  const classNames = info.classes.map(({ name }) => name);
  const labelText = values.map((value) =>
    [value, names?.get(value)].filter((one) => one !== undefined).join(' '),
  );
  emit({
    type: 'note',
    text: `labels ${labelText.join(', ')}; crop ${crop.join('×')}; intensities: ${intensityText(preparation)}`,
  });
  const { model, transfer } = await initializedModel({ info, initial, config, emit });
  const spacings = pairs.map(({ image }) => preparedSpacing(image.header, preparation));
  // What lies beyond a volume is background as far as one knows; where some voxels are not known, it is one of them.
  const labelFill = ignoreLabel === undefined ? 0 : IGNORED;
  const augmented = augmentationOfRun(context, { crop, spacings, labelFill });
  const { samples, examples, ...data } = await segmentationData({
    load: (index) => readPair(pairs[index], values, preparation, ignoreLabel),
    train: split.train,
    validation: split.validation,
    classes: values.length,
    channels: inputChannels(preparation),
    crop,
    batchSize: config.batch,
    replicas: context.replicas,
    cropsPerVolume: config.cropsPerVolume,
    foreground: config.foreground,
    vary: basicVariation(
      config,
      [],
      normalizations.every((one) => one !== 'zscore'),
    ),
    ...augmented,
    labelFill,
    workers: config.workers,
    seed: config.seed,
    cacheBytes: config.cacheMb * 2 ** 20,
    pathOf: (index) => pairs[index].image.path,
    strict,
    onWarning,
  });
  if (!samples.some(({ classes }) => classes.data.some((c) => c > 0 && c !== IGNORED))) {
    onWarning('no validation crop holds a labelled voxel, so that no Dice can be taken there');
  }
  // Read once, and not before a report is written.
  let shown: Promise<TrainingExample[]> | undefined;
  const lossName = config.loss ?? 'dice';
  const { classWeights } = config;
  checkClassWeights(classWeights, classNames, lossName);
  const loss = lossFunction(lossName, { ignoresVoxels: ignoreLabel !== undefined, classWeights });
  const learner = config.deepSupervision
    ? supervised(model, classNames.length, config.seed)
    : model;
  return {
    ...data,
    info,
    model: learner,
    loss: config.deepSupervision ? deepSupervision(loss) : ofOneOutput(loss),
    batchSize: config.batch,
    split: split.names,
    data: records,
    transfer,
    augmentation: augmented.augmentation,
    validate: () =>
      validateSegmentation({
        model,
        samples,
        classNames,
        loss,
        batchSize: config.batch,
        replicas: context.replicas,
      }),
    report: async (records) => {
      shown ??= config.augment === 'none' ? Promise.resolve([]) : examples(SHOWN_EXAMPLES);
      return segmentationReport({
        records,
        config,
        info,
        samples: await segmentSamples(model, samples, SHOWN),
        examples: await shown,
        names: pairs.map(({ name }) => name),
        transfer,
      });
    },
  };
}

/** The same network with outputs of coarser resolutions beside its own. */
function supervised(model: LayersModel, classes: number, seed: number): LayersModel {
  return deeplySupervised(model, { outChannels: classes, head: 'softmax', seed });
}
