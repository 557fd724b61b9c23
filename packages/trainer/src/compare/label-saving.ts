import type { ArmSummary } from './summarize-arm.js';

/** How many labelled cases the other arm needs for the same score. */
export interface LabelSaving {
  readonly task: string;
  readonly arm: string;
  readonly labels: number;
  /** Interpolated between the numbers that were tried; undefined where it never gets there, or starts above. */
  readonly equalAt?: number;
}

/** For each arm and number of labels: with how many the arm `against` reaches the same mean score. */
export function labelSavings(arms: readonly ArmSummary[], against: string): LabelSaving[] {
  return arms
    .filter(({ arm }) => arm !== against)
    .flatMap(({ task, arm, labels, mean }) => {
      const curve = arms
        .filter((one) => one.task === task && one.arm === against)
        .sort((a, b) => a.labels - b.labels);
      if (curve.length < 2) return [];
      return [{ task, arm, labels, equalAt: labelsFor(curve, mean) }];
    });
}

/** Linear in the logarithm of the number of labels. */
function labelsFor(curve: readonly ArmSummary[], wanted: number): number | undefined {
  for (let n = 1; n < curve.length; n++) {
    const [a, b] = [curve[n - 1], curve[n]];
    if (!(a.mean <= wanted && wanted <= b.mean)) continue;
    const share = b.mean === a.mean ? 0 : (wanted - a.mean) / (b.mean - a.mean);
    return Math.exp(Math.log(a.labels) + share * (Math.log(b.labels) - Math.log(a.labels)));
  }
  return undefined;
}
