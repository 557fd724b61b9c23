import { mean, standardDeviation } from '../../statistics/describe.js';

/** Mean and standard deviation (of the sample, n − 1) over the cases that have a value. */
export interface Summary {
  /** Left out when no case has a value. */
  readonly mean?: number;
  /** Left out when fewer than two have. */
  readonly sd?: number;
  readonly cases: number;
}

export function summarize(values: readonly (number | undefined)[]): Summary {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return { cases: 0 };
  return {
    mean: mean(present),
    sd: present.length > 1 ? standardDeviation(present) : undefined,
    cases: present.length,
  };
}
