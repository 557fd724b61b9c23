import type { Block, LineChart, Point, Series } from './api.js';

/** Points of a curve that a chart can show; more are averaged in groups. */
const MOST_POINTS = 600;

/** Means of neighbouring points, so that a long run stays a light page. */
export function thinOut(points: readonly Point[], most = MOST_POINTS): Point[] {
  if (points.length <= most) return [...points];
  const size = Math.ceil(points.length / most);
  const thinned: Point[] = [];
  for (let first = 0; first < points.length; first += size) {
    const group = points.slice(first, first + size);
    const mean = (key: 'x' | 'y'): number =>
      group.reduce((sum, point) => sum + point[key], 0) / group.length;
    thinned.push({ x: mean('x'), y: mean('y') });
  }
  return thinned;
}

/** The loss of one step. */
export interface StepPoint {
  readonly step: number;
  readonly loss: number;
}

/** The validation of one epoch. */
export interface EpochPoint {
  readonly epoch: number;
  readonly step: number;
  /** `loss` among them. */
  readonly validation: Readonly<Record<string, number>>;
  readonly best: boolean;
}

export interface LossCurvesOpts {
  readonly steps: readonly StepPoint[];
  readonly epochs: readonly EpochPoint[];
  readonly lossName: string;
  /** Validation values that do not change, drawn as lines: their keys and names. */
  readonly baselines?: readonly { readonly key: string; readonly name: string }[];
  readonly logarithmic: boolean;
}

/** Training and validation loss over the steps. */
export function lossCurves(opts: LossCurvesOpts): Block {
  const { steps, epochs } = opts;
  const best = epochs.findLast((epoch) => epoch.best);
  const last = epochs.at(-1)?.validation ?? {};
  const chart: LineChart = {
    title: 'Training and validation',
    xLabel: 'step',
    yLabel: opts.lossName,
    logarithmic: opts.logarithmic,
    series: [
      {
        name: 'training',
        style: 'train',
        points: thinOut(steps.map((record) => ({ x: record.step, y: record.loss }))),
      },
      {
        name: 'validation',
        style: 'validation',
        dots: epochs.length <= 80,
        points: thinOut(epochs.map((epoch) => ({ x: epoch.step, y: epoch.validation.loss }))),
      },
    ],
    baselines: (opts.baselines ?? []).flatMap(({ key, name }) =>
      last[key] === undefined ? [] : [{ name, y: last[key] }],
    ),
    mark: best && { x: best.step, y: best.validation.loss, name: `best (epoch ${best.epoch})` },
  };
  return { kind: 'chart', chart };
}

const STYLES = ['train', 'validation', 'third'];

/** Some validation values over the epochs, such as Dice per class. */
export function validationCurves(
  epochs: readonly EpochPoint[],
  title: string,
  keys: readonly { readonly key: string; readonly name: string }[],
): Block {
  const series: Series[] = keys.map(({ key, name }, n) => ({
    name,
    style: STYLES[n % STYLES.length],
    dots: epochs.length <= 80,
    points: epochs
      .filter((epoch) => epoch.validation[key] !== undefined)
      .map((epoch) => ({ x: epoch.epoch, y: epoch.validation[key] })),
  }));
  return { kind: 'chart', chart: { title, xLabel: 'epoch', yLabel: title, series } };
}
