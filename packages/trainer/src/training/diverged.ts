import { TrainerError } from '../errors.js';

/** The error for numbers that are not finite any more: what they are, and what can be done. */
export function diverged(what: string, learningRate: number): TrainerError {
  return new TrainerError(
    'diverged',
    `${what}; the learning rate ${learningRate} is probably too high: try a tenth of it, or --clip-norm 1`,
  );
}
