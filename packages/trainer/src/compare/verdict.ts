import type { Interval } from '../statistics/index.js';

/** Below this many paired runs no sign-flip test can be significant at 5 %. */
export const FEWEST_SEEDS = 6;

export interface Verdict {
  readonly kind: 'too-few' | 'better' | 'worse' | 'equivalent' | 'no-evidence';
  /** In words. */
  readonly text: string;
}

export interface VerdictInput {
  /** Paired runs. */
  readonly n: number;
  readonly mean: number;
  readonly interval: Interval;
  /** Of the sign-flip test. */
  readonly p: number;
  /** p of the equivalence test. */
  readonly equivalence: number;
  readonly smallestEffect: number;
}

/** What the numbers allow to say. */
export function verdictOf(input: VerdictInput): Verdict {
  const { n, mean, interval, p, equivalence, smallestEffect } = input;
  const points = (100 * smallestEffect).toFixed(1);
  if (n < FEWEST_SEEDS) {
    return {
      kind: 'too-few',
      text: `no verdict: ${n} paired runs, but at least ${FEWEST_SEEDS} are needed`,
    };
  }
  if (p < 0.05) {
    const kind = mean > 0 ? 'better' : 'worse';
    const nearest = mean > 0 ? interval.low : -interval.high;
    const size =
      nearest >= smallestEffect
        ? `by more than ${points} points`
        : `though perhaps by less than ${points} points`;
    return { kind, text: `${kind}, ${size}` };
  }
  if (equivalence < 0.05)
    return { kind: 'equivalent', text: `equivalent within ±${points} points` };
  return { kind: 'no-evidence', text: 'no evidence of a difference' };
}
