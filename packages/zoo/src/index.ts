export type * from './api.js';
export { type WeightErrorCode, WeightFormatError } from './errors.js';
export { readH5 } from './h5.js';
export { type LoadZooEntryOpts, loadZooEntry } from './loadZooEntry.js';
export { readPytorch } from './pytorch/read.js';
export { detectWeightFormat, readWeights } from './readWeights.js';
export { findZooEntry, type ZooEntry, zooEntries } from './registry.js';
export { decodeSafetensors, encodeSafetensors } from './safetensors.js';
