import { CARD_VERSION, type Preparation } from '@genesis/inference';
import {
  defineTask,
  detectNormalization,
  findStart,
  identify,
  initializedModel,
  ofOneOutput,
  type RunContext,
  splitOfRun,
  summarizeEpoch,
  type TrainingPlan,
} from '@genesis/trainer/tasks';
import { meanSquaredError } from '@genesis/unet3d';
import { type AgeCard, ageKind } from './card.js';
import { ageBatches, agedCases } from './data.js';
import { evaluateAges, predictAges, validateAges } from './evaluation.js';
import { type AgeConfig, ageOptions } from './options.js';
import { ageReport, tabulateAges } from './report.js';

/** Predicting a patient's age from a volume: a regression. */
export const age = defineTask({
  kind: 'age',
  stage: 'finetune',
  options: ageOptions,
  model: ageKind,
  prepare,
  predict: predictAges,
  evaluate: evaluateAges,
  summarize: summarizeEpoch,
  tabulate: tabulateAges,
});

async function prepare(context: RunContext<AgeConfig>): Promise<TrainingPlan> {
  const { config, emit } = context;
  const { network, initial } = await findStart(config);
  const cases = await agedCases(config.images, config.ages);
  const items = cases.map(({ item }) => item);
  const preparation: Preparation = {
    orientation: config.orientation,
    spacing: config.spacing,
    normalization: await detectNormalization(items, config.normalization),
    nonFinite: config.nonFinite,
  };
  const ages = cases.map((one) => one.age);
  const mean = ages.reduce((a, b) => a + b, 0) / ages.length;
  const sd = Math.sqrt(ages.reduce((sum, one) => sum + (one - mean) ** 2, 0) / ages.length);
  const { crop, batch, seed } = config;
  const card: AgeCard = {
    version: CARD_VERSION,
    kind: 'age',
    network,
    crop,
    preparation,
    mean,
    sd,
  };
  const records = await identify(items);
  const split = splitOfRun(context, items, records);
  const { model, transfer } = await initializedModel({ info: card, initial, config, emit });
  return {
    info: card,
    model,
    transfer,
    loss: ofOneOutput(meanSquaredError),
    batchSize: batch,
    stepsPerEpoch: Math.max(1, Math.floor(split.train.length / batch)),
    batches: ageBatches({ cases, train: split.train, card, batch, seed }),
    split: split.names,
    data: records,
    validate: () =>
      validateAges(
        model,
        card,
        split.validation.map((n) => cases[n]),
      ),
    report: async (records) => ageReport(records, config),
  };
}
