import { applyNetworkThen, type LabelHead, withChannelAxis } from '@genesis/inference';
import type { Labels } from '@genesis/transforms';
import type { OutputsLoss } from '@genesis/unet3d';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Validation } from '../../training/api.js';
import { type Replicas, singleProcess } from '../../training/replicas/replicas.js';
import { everyones, isOwnBatch, sumsOf } from '../../training/replicas/share-validation.js';
import type { PretrainSample } from './data.js';

export interface LabelValidatorOpts {
  readonly samples: readonly PretrainSample[];
  readonly heads: readonly LabelHead[];
  readonly batchSize: number;
  readonly loss: OutputsLoss;
  /** The processes that share the batches. Default: this one alone. */
  readonly replicas?: Replicas;
  /** The targets of the samples of a batch, one for each head. */
  readonly targetTensors: (labels: readonly (Labels | undefined)[]) => tf.Tensor[];
}

/** What the network tells of a sample. */
export interface ToldSample extends PretrainSample {
  /** By label: a class, or a list of flags. */
  readonly told: Labels;
}

/**
 * Validates on fixed samples: loss, and the share of labels that are told right (of flags: one by one), beside the share that
 * guessing the most frequent answer gets right on them. With several labels both are means over them.
 */
export function labelValidator(
  opts: LabelValidatorOpts,
): (model: LayersModel) => Promise<Validation> {
  const { samples, heads, batchSize, loss, targetTensors, replicas = singleProcess } = opts;
  const chance = mean(heads.map((head) => byChance(head, samples)));
  return async (model) => {
    let lossSum = 0;
    const own: { readonly place: number; readonly labels: Labels }[] = [];
    for (let first = 0; first < samples.length; first += batchSize) {
      if (!isOwnBatch(first / batchSize, replicas)) continue;
      const group = samples.slice(first, first + batchSize);
      const [[value], ...outputs] = await applyNetworkThen(
        model,
        group.map(({ input }) => input.data),
        withChannelAxis(group[0].input.shape),
        (...given) => [loss(targetTensors(group.map(({ labels }) => labels)), given), ...given],
      );
      lossSum += value * group.length;
      for (const n of group.keys()) {
        own.push({ place: first + n, labels: labelsAt(heads, outputs, n) });
      }
    }
    const [lossOfAll] = await sumsOf(replicas, [lossSum]);
    const told = (await everyones(replicas, own))
      .sort((a, b) => a.place - b.place)
      .map(({ place, labels }): ToldSample => ({ ...samples[place], told: labels }));
    const accuracies = heads.map((head) => accuracyOf(head, told));
    const values: Record<string, number> = {
      loss: lossOfAll / samples.length,
      accuracy: mean(accuracies),
      chance,
    };
    if (heads.length > 1) {
      heads.forEach(({ name }, n) => {
        values[`accuracy:${name}`] = accuracies[n];
      });
    }
    return { monitored: values.loss, score: values.accuracy, values };
  };
}

/** Asks the network about samples, a batch at a time. */
export async function tellLabels(
  model: LayersModel,
  samples: readonly PretrainSample[],
  heads: readonly LabelHead[],
  batchSize: number,
): Promise<ToldSample[]> {
  const told: ToldSample[] = [];
  for (let first = 0; first < samples.length; first += batchSize) {
    const group = samples.slice(first, first + batchSize);
    const outputs = await applyNetworkThen(
      model,
      group.map(({ input }) => input.data),
      withChannelAxis(group[0].input.shape),
      (...given) => given,
    );
    group.forEach((sample, n) => {
      told.push({ ...sample, told: labelsAt(heads, outputs, n) });
    });
  }
  return told;
}

/** The most probable labels of the sample at place `n` of a batch. */
function labelsAt(
  heads: readonly LabelHead[],
  outputs: readonly ArrayLike<number>[],
  n: number,
): Labels {
  return Object.fromEntries(
    heads.map(({ name, kind, size }, h) => {
      const own = Array.from({ length: size }, (_, c) => outputs[h][n * size + c]);
      return [
        name,
        kind === 'class' ? own.indexOf(Math.max(...own)) : own.map((p) => (p > 0.5 ? 1 : 0)),
      ];
    }),
  );
}

/** Share of the labels of this name that are told right. */
export function accuracyOf({ name }: LabelHead, samples: readonly ToldSample[]): number {
  return mean(
    samples.flatMap(({ labels, told }) => {
      const [truth, found] = [flat(labels?.[name]), flat(told[name])];
      return truth.map((value, n) => (value === found[n] ? 1 : 0));
    }),
  );
}

/** Share that is right without looking: the draws' for classes, which are equally frequent; the most frequent answer for flags. */
function byChance({ name, kind, size }: LabelHead, samples: readonly PretrainSample[]): number {
  if (kind === 'class') return 1 / size;
  const ones = mean(samples.flatMap(({ labels }) => flat(labels?.[name])));
  return Math.max(ones, 1 - ones);
}

function flat(label: number | readonly number[] | undefined): readonly number[] {
  return typeof label === 'number' ? [label] : (label ?? []);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
