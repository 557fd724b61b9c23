export interface Wilcoxon {
  /** Sum of the ranks of positive differences. */
  readonly positive: number;
  /** Sum of the ranks of negative ones. */
  readonly negative: number;
  /** Two-sided, exact given the ranks, ties included. NaN where all differences are 0. */
  readonly p: number;
  /** Matched-pairs rank-biserial correlation (Kerby 2014), −1…1. */
  readonly rankBiserial: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

/**
 * Wilcoxon's signed-rank test of paired differences. Differences of 0 are left out; equal ones share their mean rank. The
 * distribution is counted out over all signs, so it holds for ties and small samples too.
 */
export function wilcoxonSignedRank(differences: readonly number[]): Wilcoxon {
  const kept = differences.filter((d) => d !== 0);
  // Doubled, shared ranks are whole numbers.
  const doubled = doubledRanks(kept.map(Math.abs));
  let positive = 0;
  let total = 0;
  for (const [n, d] of kept.entries()) {
    total += doubled[n];
    if (d > 0) positive += doubled[n];
  }
  const wins = kept.filter((d) => d > 0).length;
  return {
    positive: positive / 2,
    negative: (total - positive) / 2,
    p:
      kept.length === 0 ? Number.NaN : exactP(doubled, total, Math.min(positive, total - positive)),
    rankBiserial: total === 0 ? 0 : (2 * positive - total) / total,
    wins,
    ties: differences.length - kept.length,
    losses: kept.length - wins,
  };
}

/** Twice the rank of each value, from the smallest; equal values share the mean of their ranks. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, n) => n).sort((a, b) => values[a] - values[b]);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    // Ranks from + 1 … to.
    for (let n = from; n < to; n++) ranks[order[n]] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** Twice the share of all sign patterns whose positive ranks sum up to at most `least`. */
function exactP(doubled: readonly number[], total: number, least: number): number {
  /** Share of the sign patterns by the sum of positive ranks. */
  const share = new Float64Array(total + 1);
  share[0] = 1;
  let reach = 0;
  for (const rank of doubled) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) {
      share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0)) / 2;
    }
  }
  let tail = 0;
  for (let sum = 0; sum <= least; sum++) tail += share[sum];
  return Math.min(1, 2 * tail);
}
