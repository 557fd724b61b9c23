export * from './affine.js';
export type * from './api.js';
export * from './crops/index.js';
export * from './dicom/index.js';
export { VolumeIoError, type VolumeIoErrorCode } from './errors.js';
export * from './ops/index.js';
export * from './phantom/index.js';
export { arrayType, type CreateVolumeOpts, createVolume } from './volume.js';
