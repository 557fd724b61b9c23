import { WeightFormatError } from '../../../errors.js';

/** The error for a pickle that no pickler writes. */
export function broken(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `the pickle is broken: ${message}`);
}
