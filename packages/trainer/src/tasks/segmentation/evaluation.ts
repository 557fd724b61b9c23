import {
  applyNetworkThen,
  firstVolume,
  prepareLabels,
  type RegionScore,
  type SegmentationCard,
  scoreRegions,
  segmentVolume,
  withChannelAxis,
} from '@genesis/inference';
import type { Loss } from '@genesis/unet3d';
import { affineSpacing, type Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ndarray, { type NdArray } from 'ndarray';
import { readChannels } from '../../data/dataset.js';
import { readLabelLike } from '../../data/read-label.js';
import type { Validation } from '../../training/api.js';
import { type Replicas, singleProcess } from '../../training/replicas/replicas.js';
import { isOwnBatch, sumsOf } from '../../training/replicas/share-validation.js';
import type { FigureName, FigureSummary } from '../common/figures/api.js';
import { modelFigures } from '../common/figures/figure-names.js';
import { scoredNames, summarizeCases } from '../common/figures/summarize-figures.js';
import { forEachCase } from '../common/for-each-case.js';
import type { EvaluateRequest } from '../common/task.js';
import { oneHotBatch, type SegmentationSample } from './data.js';
import { IGNORED, toClasses } from './label-classes.js';
import { type LabeledPair, labeledPairs } from './labeled-pairs.js';
import { OverlapCounts, type OverlapScore } from './overlap-scores.js';

/** A figure by its name. */
export type ScoreName = FigureName;

/** All figures of a class in a case. Of a region there is no `meanIou`. */
export type SegmentationScore = RegionScore & Partial<OverlapScore>;

/** How well predicted labels fit known ones. */
export interface SegmentationEvaluation {
  readonly kind: 'segmentation';
  /** Cases that the run was trained on or validated with: their scores say little. */
  readonly seenInTraining: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    /** By class, background left out, then by region. */
    readonly scores: Readonly<Record<string, SegmentationScore>>;
  }[];
  /** By class, background left out, then by region. */
  readonly classes: Readonly<Record<string, Readonly<Record<ScoreName, FigureSummary>>>>;
  /** Over cases: each case's mean over its classes. */
  readonly foreground: Readonly<Record<ScoreName, FigureSummary>>;
  /** Of the surface Dice, in mm. */
  readonly tolerance: number;
}

/** Segments labelled volumes and compares. Overlaps are taken on the image's own grid. */
export async function evaluateSegmentation(
  request: EvaluateRequest<SegmentationCard>,
): Promise<SegmentationEvaluation> {
  const { info, seen } = request;
  const dataset = await labeledPairs({
    ...request,
    channels: request.info.preparation.channels?.map(({ name }) => name),
    allowMissing: request.info.preparation.allowMissing,
    resample: request.info.preparation.resampleChannels,
    withTests: true,
  });
  const { pairs } = dataset;
  const ignoreLabel = request.ignoreLabel ?? dataset.ignoreLabel;
  const names = info.classes.slice(1).map(({ name }) => name);
  const { regions = [], tolerance = 1 } = request.figures ?? {};
  const all = { classes: names, regions: regions.map(({ name }) => name) };
  const scored = scoredNames(all);
  const cases: { name: string; scores: Record<string, SegmentationScore> }[] = [];
  await forEachCase(pairs, request, async (pair) => {
    const scores = await scoreCase(pair, { ...request, ignoreLabel });
    cases.push({
      name: pair.name,
      scores: Object.fromEntries(scored.map((name, c) => [name, scores[c]])),
    });
    return undefined;
  });
  return {
    kind: 'segmentation',
    seenInTraining: cases.map(({ name }) => name).filter((name) => seen.has(name)),
    cases,
    ...summarizeCases(
      modelFigures,
      all,
      cases.map(({ scores }) => scores),
    ),
    tolerance,
  };
}

/** The scores of the classes, then of the regions. */
async function scoreCase(
  pair: LabeledPair,
  { network, info, overlap, ignoreLabel, figures = {} }: EvaluateRequest<SegmentationCard>,
): Promise<SegmentationScore[]> {
  const { preparation, classes } = info;
  const image = await readChannels(pair.image, preparation.nonFinite);
  const label = await readLabelLike(pair.label, firstVolume(image));
  const { spacing: _, ...turning } = preparation;
  const truth = toClasses(
    prepareLabels(label, turning),
    classes.map(({ value }) => value),
    pair.label.path,
    ignoreLabel,
  );
  const counts = new OverlapCounts(truth, classes.length);
  const found = await segmentVolume(image, network, info, {
    overlap,
    onProbabilities: (block) => counts.add(block),
  });
  const values = classes.map(({ value }) => value);
  const all = [
    ...values.slice(1).map((_, n) => ({ name: classes[n + 1].name, values: [n + 1] })),
    ...(figures.regions ?? []).map((region) => ({
      ...region,
      values: region.values.map((value) => values.indexOf(value)).filter((n) => n >= 0),
    })),
  ];
  const overlaps = counts.scores(found.classes);
  const spacing = affineSpacing(found.affine);
  return scoreRegions(truth, found.classes, all, { ...figures, spacing, ignore: IGNORED }).map(
    (score, n) => ({ ...score, ...overlaps[n] }),
  );
}

export interface SegmentationValidationOpts {
  readonly model: LayersModel;
  readonly samples: readonly SegmentationSample[];
  /** In the order of the network's outputs, the background first. */
  readonly classNames: readonly string[];
  readonly batchSize: number;
  readonly loss: Loss;
  /** The processes that share the batches. Default: this one alone. */
  readonly replicas?: Replicas;
}

/** Loss and Dice over all voxels of the samples together. */
export async function validateSegmentation(opts: SegmentationValidationOpts): Promise<Validation> {
  const { samples, batchSize, classNames, replicas = singleProcess } = opts;
  const classes = classNames.length;
  const [x, y, z] = samples[0].image.shape;
  const crop: Vec3 = [x, y, z];
  let lossSum = 0;
  const both = new Float64Array(classes);
  const truth = new Float64Array(classes);
  const found = new Float64Array(classes);
  for (let first = 0; first < samples.length; first += batchSize) {
    if (!isOwnBatch(first / batchSize, replicas)) continue;
    const group = samples.slice(first, first + batchSize);
    const [[loss], predicted] = await applyNetworkThen(
      opts.model,
      group.map(({ image }) => image.data),
      withChannelAxis(samples[0].image.shape),
      (output) => {
        const y = oneHotBatch(
          group.map((sample) => sample.classes.data),
          classes,
          crop,
        );
        return [opts.loss(y, output), tf.argMax(output, -1)];
      },
    );
    lossSum += loss * group.length;
    const size = crop[0] * crop[1] * crop[2];
    group.forEach((sample, n) => {
      for (let v = 0; v < size; v++) {
        const [a, b] = [sample.classes.data[v], predicted[n * size + v]];
        if (a === IGNORED) continue;
        truth[a]++;
        found[b]++;
        if (a === b) both[a]++;
      }
    });
  }
  const [lossOfAll] = await sumsOf(replicas, [lossSum]);
  for (const counts of [both, truth, found]) await replicas.sum(counts);
  const loss = lossOfAll / samples.length;
  const values: Record<string, number> = { loss };
  let [sum, present] = [0, 0];
  for (let c = 1; c < classes; c++) {
    // A class that occurs neither in truth nor in prediction says nothing about the network.
    if (truth[c] + found[c] === 0) continue;
    const dice = (2 * both[c]) / (truth[c] + found[c]);
    values[`dice:${classNames[c]}`] = dice;
    sum += dice;
    present++;
  }
  // Where no class is, there is nothing to agree on.
  if (present > 0) values.dice = sum / present;
  return { monitored: loss, score: values.dice ?? 0, values, shown: ['dice'] };
}

/** A crop with what the network makes of it. */
export interface SegmentedSample extends SegmentationSample {
  /** The most probable class of each voxel, [x, y, z]. */
  readonly found: NdArray<Uint8Array>;
}

/** Segments up to `count` of the samples, spread over them. */
export async function segmentSamples(
  model: LayersModel,
  samples: readonly SegmentationSample[],
  count: number,
): Promise<SegmentedSample[]> {
  const shown = Math.min(count, samples.length);
  const segmented: SegmentedSample[] = [];
  for (let n = 0; n < shown; n++) {
    const sample = samples[Math.floor((n * samples.length) / shown)];
    const { shape } = sample.image;
    const [classes] = await applyNetworkThen(
      model,
      [sample.image.data],
      withChannelAxis(shape),
      (output) => [tf.argMax(output, -1)],
    );
    const found = ndarray(Uint8Array.from(classes), sample.classes.shape);
    segmented.push({ ...sample, found });
  }
  return segmented;
}
