import { type Region, type RegionScore, scoreRegions } from '@genesis/inference';
import type { Volume } from '@genesis/volume-io';
import { type DatasetItem, listDataset } from '../data/dataset.js';
import { gridDifference } from '../data/grid-difference.js';
import { labelValues } from '../data/label-values.js';
import { matchCases } from '../data/match-cases.js';
import { readLabel, readLabelLike } from '../data/read-label.js';
import { TrainerError } from '../errors.js';
import { plural } from '../plural.js';
import type { FigureOpts, FigureSummary } from '../tasks/common/figures/api.js';
import { regionFigures } from '../tasks/common/figures/figure-names.js';
import {
  type ScoredNames,
  scoredNames,
  summarizeCases,
} from '../tasks/common/figures/summarize-figures.js';
import { forEachCase } from '../tasks/common/for-each-case.js';
import type { CaseProgress } from '../tasks/common/task.js';

/** Options of {@link evaluatePredictions}. */
export interface EvaluatePredictionsOpts extends FigureOpts {
  /** Folder of predicted label volumes, or one of them. */
  readonly predictions: string;
  /** Folder of the true ones, of the same names, or one of them. */
  readonly labels: string;
  /** What is scored. Default: each label that occurs, but 0, called 'label 1' and so on. */
  readonly classes?: readonly Region[];
  /** Voxels whose true label is this do not count. */
  readonly ignoreLabel?: number;
  /** Stop at a case that cannot be used, or that has no prediction, instead of leaving it out with a warning. Default false. */
  readonly strict?: boolean;
  /** Told what was left out. */
  readonly onWarning?: (text: string) => void;
  /** Called after each case. */
  readonly onCase?: (progress: CaseProgress) => void;
}

/** How well a folder of predictions fits the truth. */
export interface PredictionsEvaluation {
  readonly kind: 'predictions';
  readonly cases: readonly {
    readonly name: string;
    /** The files that were compared. */
    readonly prediction: string;
    readonly label: string;
    /** By class, then by region. */
    readonly scores: Readonly<Record<string, RegionScore>>;
  }[];
  /** Cases that could not be scored, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** By class, then by region. */
  readonly classes: Readonly<Record<string, Readonly<Record<keyof RegionScore, FigureSummary>>>>;
  /** Over cases: each case's mean over its classes. */
  readonly foreground: Readonly<Record<keyof RegionScore, FigureSummary>>;
  /** Of the surface Dice, in mm. */
  readonly tolerance: number;
}

/**
 * Compares predicted label volumes with true ones, without a model. Volumes are paired by their names as images and labels are in
 * training; axes may be turned, but the grids must be the same.
 *
 * @throws TrainerError 'no-data' when no names fit, 'bad-data', VolumeIoError; of one case alone only with `strict`.
 */
export async function evaluatePredictions(
  opts: EvaluatePredictionsOpts,
): Promise<PredictionsEvaluation> {
  const { regions = [], tolerance = 1 } = opts;
  const { pairs, leftOut } = await pairsOf(opts);
  const names = new Map<string, Region>((opts.classes ?? []).map((one) => [one.name, one]));
  const regionNames = regions.map(({ name }) => name);
  scoredNames({ classes: (opts.classes ?? []).map(({ name }) => name), regions: regionNames });
  const scored: { pair: LabelPair; scores: ReadonlyMap<string, RegionScore> }[] = [];
  const onLeftOut = (name: string, { message }: Error): void =>
    void leftOut.push({ name, reason: message });
  await forEachCase(pairs, { strict: false, ...opts, onLeftOut }, async (pair) => {
    const difference = gridDifference(pair.prediction, pair.label);
    if (difference) throw new TrainerError('bad-data', difference, { file: pair.label.path });
    const predicted = await readLabel(pair.prediction);
    const truth = await readLabelLike(pair.label, predicted);
    const own = opts.classes ?? occurring(pair, predicted, truth, opts.ignoreLabel);
    for (const one of own) names.set(one.name, one);
    const all = [...own, ...regions];
    const scores = scoreRegions(truth.data, predicted.data, all, {
      ...opts,
      spacing: predicted.spacing,
      ignore: opts.ignoreLabel,
    });
    scored.push({ pair, scores: new Map(all.map(({ name }, n) => [name, scores[n]])) });
    return undefined;
  });
  const classNames = [...names.values()]
    .sort((a, b) => (opts.classes ? 0 : a.values[0] - b.values[0]))
    .map(({ name }) => name);
  const all: ScoredNames = { classes: classNames, regions: regionNames };
  const cases = scored.map(({ pair, scores }) => ({
    name: pair.name,
    prediction: pair.prediction.path,
    label: pair.label.path,
    scores: Object.fromEntries(
      [...classNames, ...regionNames].map((name) => [name, scores.get(name) ?? ABSENT]),
    ),
  }));
  return {
    kind: 'predictions',
    cases,
    leftOut,
    ...summarizeCases(
      regionFigures,
      all,
      cases.map(({ scores }) => scores),
    ),
    tolerance,
  };
}

interface LabelPair {
  readonly name: string;
  readonly prediction: DatasetItem;
  readonly label: DatasetItem;
}

/** The figures of a class that is neither in the truth nor in the prediction. */
const ABSENT: RegionScore = {
  dice: undefined,
  iou: undefined,
  sensitivity: undefined,
  precision: undefined,
  surfaceDice: undefined,
  hd95: undefined,
  hd: undefined,
  assd: undefined,
  trueVolume: 0,
  predictedVolume: 0,
  volumeError: 0,
  volumeErrorPercent: undefined,
  lesionF1: undefined,
  trueLesions: 0,
  foundLesions: 0,
  predictedLesions: 0,
  inventedLesions: 0,
};

/** Predictions with their labels, and the cases of which one of both is missing or broken. */
async function pairsOf({
  predictions,
  labels,
  strict = false,
  onWarning,
}: EvaluatePredictionsOpts): Promise<{
  pairs: LabelPair[];
  leftOut: { name: string; reason: string }[];
}> {
  const [made, real] = await Promise.all(
    [predictions, labels].map((path) => listDataset(path, { role: 'label', strict, onWarning })),
  );
  const matches = matchCases(made.items, real.items);
  // A volume by itself is compared with one whatever they are called.
  const only = made.items.length === 1 && real.items.length === 1;
  const pairs = (only ? [{ image: made.items[0], label: real.items[0] }] : matches.pairs).map(
    ({ image, label }) => ({ name: image.name, prediction: image, label }),
  );
  if (pairs.length === 0) {
    throw new TrainerError(
      'no-data',
      `no volume of ${predictions} has the name of one of ${labels}: ${made.items[0].path}, ${real.items[0].path}`,
      { file: predictions },
    );
  }
  const leftOut = [...made.leftOut, ...real.leftOut].map(({ key, reason }) => ({
    name: key,
    reason,
  }));
  if (only) return { pairs, leftOut };
  // What belongs to a file that was left out is missed by nobody else.
  for (const [items, reason] of [
    [matchCases(matches.labels, made.leftOut).images, 'has no prediction'],
    [matchCases(matches.images, real.leftOut).images, 'has no label'],
  ] as const) {
    if (items.length === 0) continue;
    const text = `${plural(items.length, 'volume')} ${reason}: ${items
      .slice(0, 3)
      .map(({ key }) => key)
      .join(', ')}${items.length > 3 ? ', …' : ''}`;
    if (strict) throw new TrainerError('bad-data', text, { file: items[0].path });
    onWarning?.(`left out: ${text}`);
    leftOut.push(...items.map(({ name }) => ({ name, reason: `it ${reason}` })));
  }
  return { pairs, leftOut };
}

/** The labels of a case that are no background, as classes. */
function occurring(
  { prediction, label }: LabelPair,
  predicted: Volume,
  truth: Volume,
  ignoreLabel: number | undefined,
): Region[] {
  const values = new Set([
    ...labelValues(truth, label.path),
    ...labelValues(predicted, prediction.path),
  ]);
  return [...values]
    .filter((value) => value !== 0 && value !== ignoreLabel)
    .map((value) => ({ name: `label ${value}`, values: [value] }));
}
