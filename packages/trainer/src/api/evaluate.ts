import { readFile } from 'node:fs/promises';
import {
  type ClassificationCard,
  classifyVolume,
  mostProbable,
  prepareLabels,
  type SegmentationCard,
  segmentVolume,
} from '@genesis/inference';
import type { Volume } from '@genesis/volume-io';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readItem } from '../data/catalog.js';
import { TrainerError } from '../errors.js';
import { loadModel } from '../model/load-model.js';
import { openEngine } from '../model/open-engine.js';
import { runPaths } from '../run/layout.js';
import type { RunInfo } from '../run/run-info.js';
import { classScores } from '../tasks/classification/class-scores.js';
import { labeledCases } from '../tasks/classification/labeled-cases.js';
import { toClasses } from '../tasks/segmentation/label-classes.js';
import { type LabeledPair, labeledPairs, readLabel } from '../tasks/segmentation/labeled-pairs.js';
import { type OverlapScore, overlapScores } from '../tasks/segmentation/overlap-scores.js';
import type {
  ClassificationEvaluation,
  EvaluateOpts,
  Evaluation,
  ScoreName,
  SegmentationEvaluation,
  Summary,
} from './evaluation.js';

/**
 * Applies a fine-tuned network to labelled volumes and compares. Overlaps are taken on the image's own grid.
 *
 * @throws TrainerError, VolumeIoError or EngineUnavailableError.
 */
export async function evaluate(opts: EvaluateOpts): Promise<Evaluation> {
  await openEngine({ engine: opts.engine ?? 'auto', threads: opts.threads });
  const loaded = await loadModel(opts.model);
  try {
    const seen = await trainedNames(opts.model);
    const { info, model } = loaded;
    switch (info.kind) {
      case 'segmentation':
        return await evaluateSegmentation(opts, model, info, seen);
      case 'classification':
        return await evaluateClassification(opts, model, info, seen);
      case 'pretrain':
        throw new TrainerError(
          'bad-argument',
          `${opts.model} is a pre-training run, which has no classes; fine-tune it first`,
          { file: opts.model },
        );
    }
  } finally {
    loaded.model.dispose();
  }
}

async function evaluateSegmentation(
  opts: EvaluateOpts,
  model: LayersModel,
  info: SegmentationCard,
  seen: ReadonlySet<string>,
): Promise<SegmentationEvaluation> {
  const pairs = await labeledPairs(opts.images, opts.labels);
  const names = info.classes.slice(1).map(({ name }) => name);
  const cases: { name: string; scores: Record<string, OverlapScore> }[] = [];
  for (const [n, pair] of pairs.entries()) {
    const scores = await scoreCase(pair, model, info, opts);
    cases.push({
      name: pair.name,
      scores: Object.fromEntries(names.map((name, c) => [name, scores[c]])),
    });
    opts.onCase?.({ name: pair.name, done: n + 1, total: pairs.length });
  }
  const summaries = (values: (score: ScoreName) => (number | undefined)[]) => ({
    dice: summarize(values('dice')),
    iou: summarize(values('iou')),
    meanIou: summarize(values('meanIou')),
  });
  return {
    kind: 'segmentation',
    seenInTraining: pairs.map(({ name }) => name).filter((name) => seen.has(name)),
    cases,
    classes: Object.fromEntries(
      names.map((name) => [
        name,
        summaries((score) => cases.map(({ scores }) => scores[name][score])),
      ]),
    ),
    foreground: summaries((score) =>
      cases.map(({ scores }) => {
        const present = names.map((name) => scores[name][score]).filter((v) => v !== undefined);
        return present.length === 0 ? undefined : mean(present);
      }),
    ),
  };
}

async function scoreCase(
  pair: LabeledPair,
  model: LayersModel,
  info: SegmentationCard,
  opts: EvaluateOpts,
): Promise<OverlapScore[]> {
  const volume = await readItem(pair.image, info.preparation.nonFinite);
  const label = await readLabel(pair.label);
  const { probabilities } = await segmentVolume(volume, model, info, {
    overlap: opts.overlap,
  });
  const { orientation, spacing, affine } = volume;
  const aligned: Volume = { ...label, affine, spacing, orientation };
  const { spacing: _, ...turning } = info.preparation;
  const truth = toClasses(
    prepareLabels(aligned, turning),
    info.classes.map(({ value }) => value),
    pair.label.path,
  );
  return overlapScores(truth, mostProbable(probabilities), probabilities);
}

async function evaluateClassification(
  opts: EvaluateOpts,
  model: LayersModel,
  info: ClassificationCard,
  seen: ReadonlySet<string>,
): Promise<ClassificationEvaluation> {
  const rows = await labeledCases(opts.images, opts.labels);
  const names = info.classes.map(({ name }) => name);
  const truth = rows.map(({ item, label }) => {
    const index = names.indexOf(label);
    if (index >= 0) return index;
    throw new TrainerError(
      'bad-data',
      `${opts.labels} gives '${item.name}' the class '${label}', but the model knows only ${names.join(', ')}`,
      { file: opts.labels },
    );
  });
  const scores: Float32Array[] = [];
  for (const [n, { item }] of rows.entries()) {
    const volume = await readItem(item, info.preparation.nonFinite);
    scores.push(await classifyVolume(volume, model, info));
    opts.onCase?.({ name: item.name, done: n + 1, total: rows.length });
  }
  return {
    kind: 'classification',
    seenInTraining: rows.map(({ item }) => item.name).filter((name) => seen.has(name)),
    cases: rows.map(({ item }, n) => ({
      name: item.name,
      truth: names[truth[n]],
      prediction: names[scores[n].indexOf(Math.max(...scores[n]))],
      probabilities: Object.fromEntries(names.map((name, c) => [name, scores[n][c]])),
    })),
    ...classScores(truth, scores),
  };
}

/** Names of the volumes that the run has seen; none where the weights stand without their run. */
async function trainedNames(path: string): Promise<Set<string>> {
  const text = await readFile(runPaths(path).info, 'utf8').catch(() => undefined);
  if (text === undefined) return new Set();
  const { split } = JSON.parse(text) as RunInfo;
  return new Set([...split.train, ...split.validation]);
}

function summarize(values: readonly (number | undefined)[]): Summary {
  const present = values.filter((value) => value !== undefined);
  const center = mean(present);
  const squares = present.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return {
    mean: center,
    sd: present.length > 1 ? Math.sqrt(squares / (present.length - 1)) : 0,
    cases: present.length,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
