import { WeightFormatError } from '../../errors.js';

/** The error for a tensor that contradicts itself or its storage. */
export function badTensor(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `a tensor of the checkpoint is broken: ${message}`);
}
