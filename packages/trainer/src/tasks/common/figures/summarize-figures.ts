import { TrainerError } from '../../../errors.js';
import { bcaInterval } from '../../../statistics/bootstrap.js';
import { mean } from '../../../statistics/describe.js';
import { summarize } from '../summarize.js';
import type { FigureName, FigureSummary, Figures } from './api.js';

/** Resamples of an interval: its ends move by less than a hundredth of its width with more. */
const RESAMPLES = 2000;

/** Each figure of one class over the cases. */
function summarizeFigures<N extends FigureName>(
  names: readonly N[],
  cases: readonly Figures[],
): Record<N, FigureSummary> {
  return Object.fromEntries(
    names.map((name) => [name, summarizeFigure(cases.map((one) => one[name]))]),
  ) as Record<N, FigureSummary>;
}

/** What is scored: classes, then several of them together. */
export interface ScoredNames {
  readonly classes: readonly string[];
  readonly regions: readonly string[];
}

/** Names of what is scored, in the order of tables. @throws TrainerError 'bad-argument' when two are alike. */
export function scoredNames({ classes, regions }: ScoredNames): string[] {
  const names = [...classes, ...regions];
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice === undefined) return names;
  throw new TrainerError('bad-argument', `there are two classes or regions called ${twice}`);
}

/**
 * Cases summarized: figures of each class and region over the cases, and `foreground`, those of each case's mean over its classes.
 *
 * @param cases - Figures by the names of classes and regions.
 */
export function summarizeCases<N extends FigureName>(
  figures: readonly N[],
  { classes, regions }: ScoredNames,
  cases: readonly Readonly<Record<string, Figures>>[],
): {
  readonly classes: Record<string, Record<N, FigureSummary>>;
  readonly foreground: Record<N, FigureSummary>;
} {
  const each = [...classes, ...regions].map((name) => [
    name,
    summarizeFigures(
      figures,
      cases.map((scores) => scores[name]),
    ),
  ]);
  const means = cases.map((scores) =>
    meanOfClasses(
      figures,
      classes.map((name) => scores[name]),
    ),
  );
  return { classes: Object.fromEntries(each), foreground: summarizeFigures(figures, means) };
}

/** The mean of each figure over the classes of a case that have a value; undefined where none has. */
function meanOfClasses<N extends FigureName>(
  names: readonly N[],
  classes: readonly Figures[],
): Record<N, number | undefined> {
  return Object.fromEntries(
    names.map((name) => {
      const present = classes.map((one) => one[name]).filter((value) => value !== undefined);
      return [name, present.length === 0 ? undefined : mean(present)];
    }),
  ) as Record<N, number | undefined>;
}

function summarizeFigure(values: readonly (number | undefined)[]): FigureSummary {
  const present = values.filter((value) => value !== undefined);
  const interval = present.length > 1 ? bcaInterval(present, { resamples: RESAMPLES }) : undefined;
  return { ...summarize(values), interval };
}
