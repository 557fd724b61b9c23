import { bcaInterval } from '../../../statistics/bootstrap.js';
import { mean } from '../../../statistics/describe.js';
import { summarize } from '../summarize.js';
import type { FigureName, FigureSummary, Figures } from './api.js';

/** Resamples of an interval: its ends move by less than a hundredth of its width with more. */
const RESAMPLES = 2000;

/** Each figure of one class over the cases. */
export function summarizeFigures<N extends FigureName>(
  names: readonly N[],
  cases: readonly Figures[],
): Record<N, FigureSummary> {
  return Object.fromEntries(
    names.map((name) => [name, summarizeFigure(cases.map((one) => one[name]))]),
  ) as Record<N, FigureSummary>;
}

/** The mean of each figure over the classes of a case that have a value; undefined where none has. */
export function meanOfClasses<N extends FigureName>(
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
