export type * from './api.js';
export {
  HubError,
  type HubErrorCode,
  type HubErrorDetails,
  type WeightErrorCode,
  WeightFormatError,
} from './errors.js';
export { type CatalogModel, catalog } from './hub/catalog.js';
export { type LoadZooEntryOpts, loadZooEntry, type OfficialWeights } from './hub/load-zoo-entry.js';
export { isHubReference } from './hub/reference.js';
export { findZooEntry, type ZooEntry, zooEntries } from './hub/registry.js';
export type { EncodeWeightsOpts } from './weights/encode-elements.js';
export { readH5 } from './weights/h5.js';
export { encodePytorch } from './weights/pytorch/encode.js';
export { readPytorch } from './weights/pytorch/read.js';
export { detectWeightFormat, readWeights } from './weights/read-weights.js';
export { decodeSafetensors, encodeSafetensors } from './weights/safetensors.js';
