export { BEST_WEIGHTS, findModelFile } from './find-model-file.js';
export { type LoadPredictorFromOpts, loadPredictor } from './load-predictor.js';
export { type ModelFileOnDisk, readModelFile } from './read-model-file.js';
