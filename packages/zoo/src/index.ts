export type * from './api.js';
export { type WeightErrorCode, WeightFormatError } from './errors.js';
export { readH5 } from './h5.js';
export { type LoadZooEntryOpts, loadZooEntry } from './load-zoo-entry.js';
export { readPytorch } from './pytorch/read.js';
export { detectWeightFormat, readWeights } from './read-weights.js';
export { findZooEntry, type ZooEntry, zooEntries } from './registry.js';
export { decodeSafetensors, encodeSafetensors } from './safetensors.js';
