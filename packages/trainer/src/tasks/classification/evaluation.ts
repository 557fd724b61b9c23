import {
  applyNetworkThen,
  type ClassificationCard,
  classifyVolume,
  networkOf,
} from '@genesis/inference';
import type { Loss } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readItem } from '../../data/dataset.js';
import { TrainerError } from '../../errors.js';
import type { Validation } from '../../training/api.js';
import { type Replicas, singleProcess } from '../../training/replicas/replicas.js';
import { everyones, sumsOf } from '../../training/replicas/share-validation.js';
import { forEachCase } from '../common/for-each-case.js';
import type { EvaluateRequest } from '../common/task.js';
import { classScores } from './class-scores.js';
import type { ClassificationData } from './data.js';
import { labeledCases } from './labeled-cases.js';

/** How well the classes of volumes were told. */
export interface ClassificationEvaluation {
  readonly kind: 'classification';
  /** Cases that the run was trained on or validated with: their scores say little. */
  readonly seenInTraining: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly truth: string;
    readonly prediction: string;
    readonly probabilities: Readonly<Record<string, number>>;
  }[];
  readonly accuracy: number;
  /** Area under the ROC curve; of each class against the rest, averaged, when there are more than two. */
  readonly auc?: number;
}

/** Classifies the volumes of a table and compares. */
export async function evaluateClassification(
  request: EvaluateRequest<ClassificationCard>,
): Promise<ClassificationEvaluation> {
  const { labels, model, info, seen } = request;
  if (labels === undefined) {
    throw new TrainerError('bad-argument', 'the table with the classes (--labels) is missing');
  }
  const rows = await labeledCases({ ...request, labels });
  const names = info.classes.map(({ name }) => name);
  const truth = rows.map(({ item, label }) => {
    const index = names.indexOf(label);
    if (index >= 0) return index;
    throw new TrainerError(
      'bad-data',
      `${labels} gives '${item.name}' the class '${label}', but the model knows only ${names.join(', ')}`,
      { file: labels },
    );
  });
  const cases = rows.map(({ item }, n) => ({ name: item.name, item, truth: truth[n] }));
  const done: { name: string; truth: number; scores: Float32Array }[] = [];
  await forEachCase(cases, request, async ({ name, item, truth: known }) => {
    const volume = await readItem(item, info.preparation.nonFinite);
    const scores = await classifyVolume(volume, networkOf(model, info.crop), info);
    done.push({ name, truth: known, scores });
    return undefined;
  });
  return {
    kind: 'classification',
    seenInTraining: done.map(({ name }) => name).filter((name) => seen.has(name)),
    cases: done.map(({ name, truth: known, scores }) => ({
      name,
      truth: names[known],
      prediction: names[scores.indexOf(Math.max(...scores))],
      probabilities: Object.fromEntries(names.map((one, c) => [one, scores[c]])),
    })),
    ...classScores(
      done.map((one) => one.truth),
      done.map((one) => one.scores),
    ),
  };
}

/** Loss, accuracy and area under the ROC curve of the validation volumes. */
export async function validateClassification(
  model: LayersModel,
  data: ClassificationData,
  loss: Loss,
  replicas: Replicas = singleProcess,
): Promise<Validation> {
  let lossSum = 0;
  const own: { place: number; truth: number; scores: number[] }[] = [];
  for await (const { images, places, classes, target } of data.validationBatches()) {
    const [[value], values] = await applyNetworkThen(
      model,
      images.map((image) => image.data),
      [...images[0].shape, 1],
      (output) => [loss(target(), output), output],
    );
    lossSum += value * classes.length;
    const width = values.length / classes.length;
    for (const [n, truth] of classes.entries()) {
      const scores = [...values.subarray(n * width, (n + 1) * width)];
      own.push({ place: places[n], truth, scores });
    }
  }
  const all = (await everyones(replicas, own)).sort((a, b) => a.place - b.place);
  const truth = all.map((one) => one.truth);
  const scores = all.map((one) => Float32Array.from(one.scores));
  const [lossOfAll] = await sumsOf(replicas, [lossSum]);
  const mean = lossOfAll / truth.length;
  const found = classScores(truth, scores);
  return { monitored: mean, score: found.auc ?? found.accuracy, values: { loss: mean, ...found } };
}
