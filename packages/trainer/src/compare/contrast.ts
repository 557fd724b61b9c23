import {
  areaUnderCurve,
  bcaInterval,
  type CurvePoint,
  censoredMedian,
  type EffectSize,
  effectSize,
  equivalenceTest,
  type Interval,
  mean,
  runsNeeded,
  type SignFlip,
  type Superiority,
  signFlipTest,
  standardDeviation,
  stepsToReach,
  superiority,
  twoLevelBootstrap,
  type Wilcoxon,
  wilcoxonSignedRank,
} from '../statistics/index.js';
import { type ArmRuns, pairScores } from './arm-table.js';
import { type Verdict, verdictOf } from './verdict.js';

/** An arm beside another, paired by seed. Differences are arm − against, in Dice. */
export interface Contrast {
  readonly task: string;
  readonly labels: number;
  readonly arm: string;
  readonly against: string;
  readonly seeds: readonly number[];
  /** Test cases that both arms scored in all seeds. */
  readonly cases: number;
  /** For each seed, mean over cases. */
  readonly differences: readonly number[];
  readonly mean: number;
  /** Resampling seeds, then cases. */
  readonly interval: Interval;
  /** Of the differences by seed alone, bias-corrected; left out below eight seeds. */
  readonly seedInterval?: Interval;
  readonly signFlip: SignFlip;
  readonly effect: EffectSize;
  readonly superiority: Superiority;
  /** p of two one-sided t tests against the smallest effect of interest. */
  readonly equivalence: number;
  /** Over cases, each the mean over seeds. */
  readonly overCases: Wilcoxon;
  readonly efficiency: Efficiency;
  /** Paired runs that a later experiment would need to find an effect of this size with a power of 80 %. */
  readonly runsNeeded: number;
  readonly verdict: Verdict;
}

/** How fast an arm learns beside the other. */
export interface Efficiency {
  /** Median over seeds: steps to the other's final validation score, as a share of the other's steps; Infinity where half never get there. */
  readonly stepRatio: number;
  /** Seeds that never reached it. */
  readonly censored: number;
  /** Mean difference of the areas under the curves. */
  readonly area: number;
}

export interface ContrastOpts {
  readonly smallestEffect: number;
  /** Of the resampling. Default 0. */
  readonly seed?: number;
}

export function contrast(arm: ArmRuns, against: ArmRuns, opts: ContrastOpts): Contrast {
  const { smallestEffect, seed = 0 } = opts;
  const { seeds, cases, differences: table } = pairScores(arm, against);
  const differences = table.map(mean);
  const n = differences.length;
  const perCase = cases.map((_, c) => mean(table.map((row) => row[c])));
  const center = mean(differences);
  const signFlip = signFlipTest(differences, seed);
  const equivalence = equivalenceTest(differences, smallestEffect);
  const interval = twoLevelBootstrap(table, { seed });
  return {
    task: arm.task,
    labels: arm.labels,
    arm: arm.arm,
    against: against.arm,
    seeds,
    cases: cases.length,
    differences,
    mean: center,
    interval,
    ...(n >= 8 && { seedInterval: bcaInterval(differences, { seed }) }),
    signFlip,
    effect: effectSize(differences),
    superiority: superiority(differences),
    equivalence,
    overCases: wilcoxonSignedRank(perCase),
    efficiency: efficiencyOf(arm, against, seeds),
    runsNeeded: runsNeeded(center / standardDeviation(differences)),
    verdict: verdictOf({ n, mean: center, interval, p: signFlip.p, equivalence, smallestEffect }),
  };
}

function efficiencyOf(arm: ArmRuns, against: ArmRuns, seeds: readonly number[]): Efficiency {
  const curves = seeds.map((seed) => ({
    own: curveOf(arm, seed),
    other: curveOf(against, seed),
  }));
  const usable = curves.filter(({ own, other }) => own.length > 0 && other.length > 0);
  const ratios = usable.map(({ own, other }) => {
    const steps = stepsToReach(own, finalValue(other));
    return steps === undefined ? undefined : steps / other[other.length - 1].step;
  });
  return {
    stepRatio: ratios.length === 0 ? Number.NaN : censoredMedian(ratios),
    censored: ratios.filter((ratio) => ratio === undefined).length,
    area: mean(usable.map(({ own, other }) => areaUnderCurve(own) - areaUnderCurve(other))),
  };
}

function curveOf({ records }: ArmRuns, seed: number): readonly CurvePoint[] {
  return records.find((record) => record.seed === seed)?.curve ?? [];
}

/** One validation is noisy: the mean of the last three. */
function finalValue(curve: readonly CurvePoint[]): number {
  return mean(curve.slice(-3).map(({ value }) => value));
}
