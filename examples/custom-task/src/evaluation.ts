import { atomicWrite } from '@genesis/core/node';
import { applyNetwork } from '@genesis/inference';
import type {
  CasePrediction,
  EvaluateRequest,
  PredictRequest,
  TaskEvaluation,
  Validation,
} from '@genesis/trainer/tasks';
import { formatCsv } from '@genesis/trainer/tasks';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { AgeCard } from './card.js';
import { type AgedCase, agedCases, networkInput } from './data.js';

export interface AgePrediction extends CasePrediction {
  /** Years. */
  readonly age: number;
}

export interface AgeEvaluation extends TaskEvaluation {
  readonly kind: 'age';
  readonly cases: readonly {
    readonly name: string;
    readonly truth: number;
    readonly prediction: number;
  }[];
  /** Mean absolute error in years. */
  readonly error: number;
}

/** The network's guess for one volume, in years. */
async function ageOf(item: AgedCase['item'], model: LayersModel, card: AgeCard): Promise<number> {
  const input = await networkInput(item, card);
  const [[score]] = await applyNetwork(model, [input.data], [...card.crop, 1]);
  return card.mean + card.sd * score;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** Squared error of the scores, and the mean absolute error in years beside that of guessing the mean. */
export async function validateAges(
  model: LayersModel,
  card: AgeCard,
  cases: readonly AgedCase[],
): Promise<Validation> {
  const errors: number[] = [];
  for (const { item, age } of cases) errors.push((await ageOf(item, model, card)) - age);
  const loss = mean(errors.map((error) => (error / card.sd) ** 2));
  return {
    monitored: loss,
    values: {
      loss,
      years: mean(errors.map(Math.abs)),
      guessing: mean(cases.map(({ age }) => Math.abs(age - card.mean))),
    },
  };
}

export async function predictAges(request: PredictRequest<AgeCard>): Promise<AgePrediction[]> {
  const { items, model, info, out, onCase } = request;
  const predictions: AgePrediction[] = [];
  for (const [n, item] of items.entries()) {
    const age = await ageOf(item, model, info);
    predictions.push({ name: item.name, input: item.path, age });
    onCase?.({ name: item.name, done: n + 1, total: items.length });
  }
  const rows = predictions.map(({ name, age }) => [name, Number(age.toPrecision(6))]);
  await atomicWrite(out, formatCsv([['name', 'age'], ...rows]));
  return predictions;
}

export async function evaluateAges(request: EvaluateRequest<AgeCard>): Promise<AgeEvaluation> {
  const { images, labels, model, info, seen } = request;
  const cases: { name: string; truth: number; prediction: number }[] = [];
  for (const { item, age } of await agedCases(images, labels ?? images)) {
    cases.push({ name: item.name, truth: age, prediction: await ageOf(item, model, info) });
  }
  return {
    kind: 'age',
    seenInTraining: cases.map(({ name }) => name).filter((name) => seen.has(name)),
    cases,
    error: mean(cases.map(({ truth, prediction }) => Math.abs(truth - prediction))),
  };
}
