import { median } from './describe.js';

/** A point of a learning curve. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** Mean height of a curve over its steps, by trapezoids; the value itself of a single point. */
export function areaUnderCurve(curve: readonly CurvePoint[]): number {
  if (curve.length === 1) return curve[0].value;
  let area = 0;
  for (let n = 1; n < curve.length; n++) {
    area += ((curve[n].value + curve[n - 1].value) / 2) * (curve[n].step - curve[n - 1].step);
  }
  return area / (curve[curve.length - 1].step - curve[0].step);
}

/** The first step at which a curve reaches a value; undefined (censored) where it never does. */
export function stepsToReach(curve: readonly CurvePoint[], value: number): number | undefined {
  return curve.find((point) => point.value >= value)?.step;
}

/** Median of steps of which some were never reached (undefined); Infinity where that is half of them or more. */
export function censoredMedian(steps: readonly (number | undefined)[]): number {
  return median(steps.map((step) => step ?? Number.POSITIVE_INFINITY));
}
