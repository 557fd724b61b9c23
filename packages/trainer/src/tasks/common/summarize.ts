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
  const center = mean(present);
  const squares = present.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return {
    mean: center,
    sd: present.length > 1 ? Math.sqrt(squares / (present.length - 1)) : undefined,
    cases: present.length,
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
