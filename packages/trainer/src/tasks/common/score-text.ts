import type { Summary } from './summarize.js';

/** '0.812', or '–' where there is no value. */
export function threeDigits(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3);
}

/** '0.812 ± 0.034' */
export function plusMinus({ mean, sd }: Summary): string {
  return sd === undefined ? threeDigits(mean) : `${threeDigits(mean)} ± ${threeDigits(sd)}`;
}
