export type * from './api.js';
export { type WeightErrorCode, WeightFormatError } from './errors.js';
export { decodeSafetensors, encodeSafetensors } from './safetensors.js';
