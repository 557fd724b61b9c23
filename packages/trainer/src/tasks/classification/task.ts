import {
  CARD_VERSION,
  type ClassificationCard,
  fitVolume,
  type Preparation,
  preparedShape,
  preparedSpacing,
  prepareVolume,
  sideMultiple,
} from '@genesis/inference';
import type { Vec3 } from '@genesis/volume-io';
import { chooseCrop } from '../../data/choose-crop.js';
import { readItem } from '../../data/dataset.js';
import { detectNormalization } from '../../data/detect-normalization.js';
import { identify } from '../../data/identify.js';
import { TrainerError } from '../../errors.js';
import type { TrainingPlan } from '../../training/api.js';
import { ofOneOutput } from '../../training/of-one-output.js';
import type { RunContext } from '../../training/run-context.js';
import { augmentationOfRun } from '../common/augmentation/augmentation-of-run.js';
import { basicVariation } from '../common/augmentation/basic-options.js';
import { checkClasses } from '../common/check-classes.js';
import { findStart, initializedModel } from '../common/initialized-model.js';
import { checkClassWeights, lossFunction } from '../common/loss-function.js';
import { splitOfRun } from '../common/split-of-run.js';
import { splitRules } from '../common/split-rules.js';
import { summarizeEpoch } from '../common/summarize-epoch.js';
import { defineTask } from '../common/task.js';
import { type ClassificationExample, classificationData } from './data.js';
import { evaluateClassification, validateClassification } from './evaluation.js';
import { labeledCases } from './labeled-cases.js';
import {
  type ClassificationConfig,
  classificationOptions,
  classificationPresets,
} from './options.js';
import { predictClasses } from './prediction.js';
import { classificationReport, SHOWN_EXAMPLES, tabulateClassification } from './report.js';

/** Classification: each volume gets one of the classes that a table names. */
export const classification = defineTask({
  kind: 'classification',
  stage: 'finetune',
  options: classificationOptions,
  presets: classificationPresets,
  prepare,
  predict: predictClasses,
  evaluate: evaluateClassification,
  summarize: summarizeEpoch,
  tabulate: tabulateClassification,
});

/** Joins volumes with their classes, decides input size and normalisation, builds the network. */
async function prepare(context: RunContext<ClassificationConfig>): Promise<TrainingPlan> {
  const { config, emit } = context;
  const { network, initial } = await findStart(config, context);
  const onWarning = (text: string): void => emit({ type: 'warning', text });
  const { images, labels, strict } = config;
  const cases = await labeledCases({ images, labels, strict, onWarning });
  const values = [...new Set(cases.map(({ label }) => label))].sort(byValue);
  if (values.length < 2) {
    throw new TrainerError(
      'bad-data',
      `${config.labels} holds only the class '${values[0]}': there is nothing to tell apart`,
      { file: config.labels },
    );
  }
  checkClasses(context, 'classes', values);
  const items = cases.map(({ item }) => item);
  const records = (await identify(items)).map((record, n) => ({
    ...record,
    label: cases[n].label,
  }));
  const rules = context.previous ? undefined : await splitRules(config, items, onWarning);
  const split = splitOfRun(context, items, records, rules);
  const preparation: Preparation = {
    orientation: config.orientation,
    spacing: config.spacing,
    normalization: await detectNormalization(items, config.normalization),
    nonFinite: config.nonFinite,
  };
  const shapes = items.map((item) => preparedShape(item.header, preparation));
  const crop = config.crop ?? chooseCrop(shapes, sideMultiple(network.levels));
  const info: ClassificationCard = {
    version: CARD_VERSION,
    kind: 'classification',
    network,
    crop,
    preparation,
    classes: values.map((value) => ({ value, name: value })),
    fit: config.fit,
  };
  emit({
    type: 'note',
    text: `classes ${values.join(', ')}; input ${crop.join('×')}; intensities: ${preparation.normalization}`,
  });
  const { model, transfer } = await initializedModel({ info, initial, config, emit });
  const augmented = augmentationOfRun(context, {
    crop,
    spacings: items.map(({ header }, n) => {
      const spacing = preparedSpacing(header, preparation);
      if (config.fit === 'center') return spacing;
      return spacing.map((side, axis) => (side * shapes[n][axis]) / crop[axis]) as Vec3;
    }),
  });
  const data = classificationData({
    load: async (index, size) => {
      const volume = prepareVolume(await readItem(items[index], config.nonFinite), preparation);
      return fitVolume(volume, size, config.fit);
    },
    labels: cases.map(({ label }) => values.indexOf(label)),
    train: split.train,
    validation: split.validation,
    classes: values.length,
    crop,
    batchSize: config.batch,
    replicas: context.replicas,
    vary: basicVariation(config, ['x'], preparation.normalization !== 'zscore'),
    augmentation: augmented.augmentation,
    // A volume that was shrunk to the crop has nothing beside it.
    margin: config.fit === 'center' ? augmented.margin : [0, 0, 0],
    workers: config.workers,
    seed: config.seed,
    cacheBytes: config.cacheMb * 2 ** 20,
    pathOf: (index) => items[index].path,
    strict,
    onWarning,
  });
  // Read once, and not before a report is written.
  let shown: Promise<ClassificationExample[]> | undefined;
  const lossName = config.loss ?? 'crossEntropy';
  const { classWeights } = config;
  checkClassWeights(classWeights, values, lossName);
  const loss = lossFunction(lossName, { classWeights });
  return {
    ...data,
    info,
    model,
    loss: ofOneOutput(loss),
    batchSize: config.batch,
    split: split.names,
    data: records,
    transfer,
    augmentation: augmented.augmentation,
    validate: () => validateClassification(model, data, loss, context.replicas),
    report: async (records) => {
      shown ??= config.augment === 'none' ? Promise.resolve([]) : data.examples(SHOWN_EXAMPLES);
      const names = cases.map(({ item }) => item.name);
      return classificationReport({
        records,
        config,
        info,
        examples: await shown,
        names,
        transfer,
      });
    },
  };
}

/** Numbers by size, other texts by the alphabet. */
function byValue(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return a < b ? -1 : a > b ? 1 : 0;
  return x - y;
}
