import { TransformsError } from '../errors.js';

/** Throws unless the value is a probability. */
export function checkRate(value: number, what: string): number {
  if (!(value >= 0 && value <= 1)) {
    throw new TransformsError('option', `${what} is ${value}; give a probability from 0 to 1.`, {
      value,
    });
  }
  return value;
}

/** Throws unless the value is an integer from `low` up. */
export function checkCount(value: number, low: number, what: string): number {
  if (!(Number.isSafeInteger(value) && value >= low)) {
    throw new TransformsError('option', `${what} is ${value}; give an integer from ${low} up.`, {
      value,
    });
  }
  return value;
}
