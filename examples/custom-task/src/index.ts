export type { AgeCard } from './card.js';
export type { AgeEvaluation, AgePrediction } from './evaluation.js';
export { makeCohort } from './make-cohort.js';
export type { AgeOpts } from './options.js';
export { age } from './task.js';
